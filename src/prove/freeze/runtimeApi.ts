import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** What the runtime of a function talks to: it asks for the next event and posts what the function answered. */
export interface RuntimeApi {
  /** `127.0.0.1:<port>`, the value of `AWS_LAMBDA_RUNTIME_API`. */
  address: string;
  /** Hands out an event: at once when the runtime waits for one, else as soon as it asks. */
  give(event: unknown): void;
  close(): Promise<void>;
}

export interface RuntimeApiListener {
  /** The program has asked for its first event: it is a function of Lambda. */
  asked(): void;
  /** The answer of an invocation is there, whole; the program does not know yet that it was taken. */
  answered(): void;
}

const invocationMillis = 30_000;

/**
 * A Runtime API of AWS Lambda on the loopback interface (docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html, version 2018-06-01).
 * @throws when no port can be had
 */
export async function startRuntimeApi(listener: RuntimeApiListener): Promise<RuntimeApi> {
  let waiting: ServerResponse | undefined;
  let queued: { event: unknown } | undefined;
  let given = 0;

  const hand = (): void => {
    if (!waiting || !queued) return;
    given += 1;
    waiting.writeHead(200, {
      "content-type": "application/json",
      "lambda-runtime-aws-request-id": `invocation-${given}`,
      "lambda-runtime-deadline-ms": String(Date.now() + invocationMillis),
      "lambda-runtime-invoked-function-arn": "arn:aws:lambda:eu-central-1:000000000000:function:proof",
    });
    waiting.end(JSON.stringify(queued.event));
    waiting = queued = undefined;
  };
  const answer = (message: IncomingMessage, response: ServerResponse): void => {
    const path = message.url ?? "";
    if (path.endsWith("/invocation/next")) {
      waiting = response;
      listener.asked();
      return hand();
    }
    message.resume().on("end", () => {
      if (/\/invocation\/[^/]+\/(?:response|error)$/.test(path)) listener.answered();
      response.writeHead(202, { "content-type": "application/json" }).end("{}");
    });
  };

  const server = createServer(answer);
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject).listen(0, "127.0.0.1", resolve);
  });
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    give(event) {
      queued = { event };
      hand();
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
