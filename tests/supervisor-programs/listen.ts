import { once } from "node:events";
import { createServer } from "node:http";
import { type AddressInfo } from "node:net";
import { onTestFinished } from "vitest";

/** A request as it arrived. */
export interface Got {
  path: string;
  headers: Record<string, unknown>;
  body: string;
}

/** A server that answers as it is told. */
export async function listen(handle: (received: () => void, answer: (status: number) => void) => void) {
  const requests: Got[] = [];
  let note: () => void = () => undefined;
  const received = new Promise<void>((resolve) => (note = resolve));
  const server = createServer((message, response) => {
    let body = "";
    message.setEncoding("utf8").on("data", (chunk: string) => (body += chunk));
    message.on("end", () => {
      requests.push({ path: message.url ?? "", headers: message.headers, body });
      handle(note, (status) => response.writeHead(status).end());
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close());
  return { url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`, requests, received };
}
