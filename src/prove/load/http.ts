import { Agent, request } from "node:http";
import type { Started } from "./load.js";

/** Sends `GET path` over a connection that is kept alive, as a load balancer does. */
export function startHttpRequest(port: number, path: string): Started {
  const agent = new Agent({ keepAlive: true });
  const sent = request({ host: "127.0.0.1", port, path, agent });
  const fault = new Promise<string | undefined>((resolve) => {
    const fail = (error: NodeJS.ErrnoException): void => resolve(error.code ?? error.message);
    sent.on("error", fail).on("response", (response) => {
      const status = response.statusCode;
      response
        .resume()
        .on("error", fail)
        .on("end", () => resolve(status === 200 ? undefined : `status ${status}`));
    });
    sent.end();
  });
  return {
    fault,
    drop() {
      sent.destroy();
      agent.destroy();
    },
  };
}
