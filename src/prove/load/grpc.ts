import { connect, type IncomingHttpHeaders } from "node:http2";
import type { Started } from "./load.js";

/** A message without content: not compressed, length 0 (gRPC over HTTP/2, "Length-Prefixed-Message"). */
const emptyMessage = Buffer.alloc(5);

/** Calls a method with an empty message over a channel of its own, which stays open. */
export function startGrpcCall(port: number, path: string): Started {
  const session = connect(`http://127.0.0.1:${port}`);
  const call = session.request({
    ":method": "POST",
    ":path": path,
    "content-type": "application/grpc",
    te: "trailers",
  });
  const fault = new Promise<string | undefined>((resolve) => {
    // A call that fails at once has its status among the headers, any other in the trailers.
    const judge = (headers: IncomingHttpHeaders): void => {
      const status = headers["grpc-status"];
      if (status !== undefined) resolve(status === "0" ? undefined : `grpc-status ${String(status)}`);
    };
    const fail = (error: NodeJS.ErrnoException): void => resolve(error.code ?? error.message);
    session.on("error", fail);
    call
      .on("error", fail)
      .on("response", judge)
      .on("trailers", judge)
      .on("close", () => resolve("no status"))
      .resume();
    call.end(emptyMessage);
  });
  return { fault, drop: () => session.destroy() };
}
