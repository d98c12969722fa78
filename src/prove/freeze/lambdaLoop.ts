/**
 * The loop of a Lambda runtime in its shortest form, as text for `node --eval`: a program of its own, which loads the handler that
 * `_HANDLER` names below `LAMBDA_TASK_ROOT` and gives it one event after another. It does what the loop of AWS does for Node.js
 * (read in aws-lambda-ric 3.3.0): an async handler has answered when its promise settles; one with a
 * callback when it called that and, unless it says otherwise, nothing is under way any more. The answer is posted by a call that blocks
 * the thread, there by native code, here by a worker that it waits for: from the answer on, nothing of the program runs.
 */
const source = `
import { existsSync } from "node:fs";
import { Agent, request } from "node:http";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { Worker } from "node:worker_threads";

const agent = new Agent({ keepAlive: true });
const base = "http://" + process.env.AWS_LAMBDA_RUNTIME_API + "/2018-06-01/runtime/invocation/";
const next = () => new Promise((resolve, reject) => {
  request(base + "next", { agent }, (answer) => {
    let text = "";
    answer.setEncoding("utf8").on("data", (part) => (text += part)).on("end", () => resolve({ headers: answer.headers, text }));
  }).on("error", reject).end();
});

const gate = new Int32Array(new SharedArrayBuffer(4));
const poster = new Worker(\`
  const { request } = require("node:http");
  const { parentPort, workerData: { base, gate } } = require("node:worker_threads");
  const open = () => { Atomics.store(gate, 0, 1); Atomics.notify(gate, 0); };
  parentPort.on("message", ({ path, body }) => {
    request(base + path, { method: "POST" }, (answer) => answer.resume().on("end", open)).on("error", open).end(body);
  });
\`, { eval: true, workerData: { base, gate }, execArgv: [], env: {} });
poster.unref();
const post = (path, value) => {
  Atomics.store(gate, 0, 0);
  poster.postMessage({ path, body: JSON.stringify(value ?? null) });
  Atomics.wait(gate, 0, 0);
};

const [, path, name] = /^(.*?)\\.([^./]+)$/.exec(process.env._HANDLER);
const file = ["", ".js", ".mjs", ".cjs"].map((ending) => join(process.env.LAMBDA_TASK_ROOT, path + ending)).find((each) => existsSync(each));
const loaded = await import(pathToFileURL(file).href);
const handler = loaded[name] ?? loaded.default[name];

for (;;) {
  const { headers, text } = await next();
  const id = headers["lambda-runtime-aws-request-id"];
  const context = {
    awsRequestId: id,
    functionName: process.env.AWS_LAMBDA_FUNCTION_NAME,
    functionVersion: "$LATEST",
    invokedFunctionArn: headers["lambda-runtime-invoked-function-arn"],
    callbackWaitsForEmptyEventLoop: true,
    getRemainingTimeInMillis: () => Number(headers["lambda-runtime-deadline-ms"]) - Date.now(),
  };
  try {
    const event = JSON.parse(text);
    const answer = handler.length < 3 ? await handler(event, context) : await new Promise((resolve, reject) => {
      handler(event, context, (error, value) => (error ? reject(error) : resolve(value)));
    });
    if (handler.length > 2 && context.callbackWaitsForEmptyEventLoop)
      await new Promise((resolve) => process.once("beforeExit", resolve));
    post(id + "/response", answer);
  } catch (error) {
    post(id + "/error", { errorType: error?.name, errorMessage: String(error?.message ?? error) });
  }
}
`;

/** The command that runs a handler in the loop: `node` with its flags, such as preloads, is what the program was started with. */
export const lambdaLoop = (node: readonly string[]): string[] => [
  ...node,
  "--input-type=module",
  "--eval",
  source,
];

/** What a function finds in its environment, besides the address of the Runtime API. */
export const lambdaEnvironment = (handler: string, root: string): Record<string, string> => ({
  _HANDLER: handler,
  LAMBDA_TASK_ROOT: root,
  AWS_LAMBDA_FUNCTION_NAME: "proof",
  AWS_LAMBDA_FUNCTION_VERSION: "$LATEST",
  AWS_REGION: "eu-central-1",
});
