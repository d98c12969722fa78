import * as Sentry from "@sentry/node";
import { createServer } from "node:http";

Sentry.init({
  dsn: process.env.SENTRY_DSN,
  // looks something up first: on a busy machine the freeze may come later than a request would
  beforeSend: (event) => new Promise((resolve) => setTimeout(resolve, 500, event)),
});

createServer(async (request, response) => {
  Sentry.captureException(new Error(`failed ${request.url}`));
  if (process.argv[2] === "flush") await Sentry.flush(10_000);
  response.end("ok");
}).listen(0, "127.0.0.1", function () {
  console.log(`ready ${this.address().port}`);
});
