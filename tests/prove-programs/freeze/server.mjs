import * as Sentry from "@sentry/node";
import { createServer } from "node:http";

Sentry.init({ dsn: process.env.SENTRY_DSN });

createServer(async (request, response) => {
  Sentry.captureException(new Error(`failed ${request.url}`));
  if (process.argv[2] === "flush") await Sentry.flush(2000);
  response.end("ok");
}).listen(0, "127.0.0.1", function () {
  console.log(`ready ${this.address().port}`);
});
