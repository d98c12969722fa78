import {
  failing,
  type Failure,
  type Files,
  indented,
  lastWords,
  main,
  message,
  reportsAndSends,
} from "./program.js";

const thread = { imports: [`import { Worker } from "node:worker_threads";`] };

const resize: Files = {
  "resize.mjs": `setTimeout(() => {
  throw new Error("${message}");
}, 20);
`,
};

export const inWorker: Failure = {
  name: "a worker thread",
  exitCode: 1,
  before: (vendor) => ({
    ...main(
      vendor,
      thread,
      `const worker = new Worker(new URL("./resize.mjs", import.meta.url));
worker.on("message", console.log);
`,
    ),
    ...resize,
  }),
  after: (vendor) =>
    main(
      vendor,
      { ...thread, repaired: true },
      `const worker = new Worker(new URL("./resize.mjs", import.meta.url));
worker.on("message", console.log);
worker.on("error", async (error) => {
${indented(lastWords(vendor))}});
`,
    ),
};

export const inRejectingWorker: Failure = {
  ...inWorker,
  name: "a rejection in a worker thread",
  before: (vendor) => ({
    ...inWorker.before(vendor),
    "resize.mjs": `${failing("resize")}\nresize();\n`,
  }),
};

export const inLoggedWorker: Failure = {
  name: "a worker thread whose error is only logged",
  exitCode: 0,
  taken: true,
  before: (vendor) => ({
    ...main(
      vendor,
      thread,
      `const worker = new Worker(new URL("./resize.mjs", import.meta.url));
worker.on("error", (error) => {
  console.error(error);
});
`,
    ),
    ...resize,
  }),
  after: (vendor) =>
    main(
      vendor,
      { ...thread, repaired: true },
      `const worker = new Worker(new URL("./resize.mjs", import.meta.url));
worker.on("error", async (error) => {
  console.error(error);
${indented(reportsAndSends(vendor))}});
`,
    ),
};

const queue = {
  imports: [`import { Queue, Worker } from "bullmq";`],
  ends: ["await worker.close();", "await queue.close();"],
};

const jobs = `const connection = { host: "127.0.0.1", port: 6379 };
const queue = new Queue("mails", { connection });
await queue.add("welcome", { to: "a@example.com" });
await queue.add("bye", {});

const worker = new Worker(
  "mails",
  async ({ data }) => {
    if (!data.to) throw new Error("${message}");
  },
  { connection },
);
`;

export const inJob: Failure = {
  name: "a queue job",
  exitCode: 0,
  taken: true,
  before: (vendor) => main(vendor, queue, jobs),
  after: (vendor) =>
    main(
      vendor,
      { ...queue, repaired: true },
      `${jobs}worker.on("failed", async (job, error) => {
  console.error(error);
${indented(vendor.reports)}});
`,
    ),
};
