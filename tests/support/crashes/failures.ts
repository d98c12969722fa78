import type { CrashVendor } from "./vendors.js";

/** A way to fail, as programs that lose the report of it, and as the repair that a person would write. */
export interface Failure {
  name: string;
  before(vendor: CrashVendor): Files;
  /** By hand; what differs from `before`. */
  after(vendor: CrashVendor): Files;
  exitCode: number;
  /** Where the repair changes it. */
  exitCodeBefore?: number;
  /** No SDK hears of it by itself, whatever its options: something in the program has taken it. */
  taken?: true;
}

export type Files = Record<string, string>;

/** What the program says of every failure. */
export const message = "disk is full";

const failing = (name: string): string => `async function ${name}() {
  throw new Error("${message}");
}
`;

const indented = (lines: readonly string[], by = "  "): string =>
  lines.map((line) => `${by}${line}\n`).join("");

const reportsAndSends = ({ reports, sends }: CrashVendor): string[] => [
  ...reports,
  ...(sends ? [sends] : []),
];

/** The lines that end a program which has failed: told, sent, and with the exit code that it had. */
const lastWords = (vendor: CrashVendor): string[] => [
  "console.error(error);",
  ...reportsAndSends(vendor),
  "process.exit(1);",
];

/** `main.mjs`: the telemetry first, then what else is needed. */
function main(vendor: CrashVendor, { imports = [], repaired = false }: Head, body: string): Files {
  const { records } = vendor;
  const wanted = [...imports, ...(repaired ? vendor.imports : (records?.imports ?? []))];
  const start = wanted.some((line) => line.includes("./telemetry.mjs")) ? [] : [`import "./telemetry.mjs";`];
  const lead = records ? `${records.statement}\n\n` : "";
  return { "main.mjs": `${[...start, ...wanted].join("\n")}\n\n${lead}${body}` };
}

interface Head {
  imports?: string[];
  /** With the imports of the report. */
  repaired?: boolean;
}

const readSettings = `function readSettings() {
  throw new Error("${message}");
}

const settings = readSettings();
console.log("settings", settings);
`;

const atModuleLevel: Failure = {
  name: "a throw at module level",
  exitCodeBefore: 0,
  exitCode: 1,
  before: (vendor) =>
    main(
      vendor,
      {},
      `process.on("uncaughtException", (error) => {
  console.error(error);
});

${readSettings}`,
    ),
  after: (vendor) =>
    main(
      vendor,
      { repaired: true },
      `process.on("uncaughtException", async (error) => {
${indented(lastWords(vendor))}});

${readSettings}`,
    ),
};

const rejectionAtModuleLevel: Failure = {
  name: "a rejection at module level",
  exitCode: 1,
  before: (vendor) => main(vendor, {}, `${failing("connect")}\nawait connect();\n`),
  after: (vendor) =>
    main(
      vendor,
      { repaired: true },
      `${failing("connect")}
await connect().catch(async (error) => {
${indented(lastWords(vendor))}});
`,
    ),
};

const inMain: Failure = {
  name: "main that nobody waits for",
  exitCode: 1,
  before: (vendor) => main(vendor, {}, `${failing("main")}\nmain();\n`),
  after: (vendor) =>
    main(
      vendor,
      { repaired: true },
      `${failing("main")}
main().catch(async (error) => {
${indented(lastWords(vendor))}});
`,
    ),
};

const inCaughtMain: Failure = {
  name: "main whose failure is only logged",
  exitCodeBefore: 0,
  exitCode: 1,
  taken: true,
  before: (vendor) =>
    main(vendor, {}, `${failing("main")}\nmain().catch((error) => {\n  console.error(error);\n});\n`),
  after: (vendor) =>
    main(
      vendor,
      { repaired: true },
      `${failing("main")}
main().catch(async (error) => {
${indented(lastWords(vendor))}});
`,
    ),
};

const inExitingMain: Failure = {
  name: "main whose failure is logged and ends the process",
  exitCode: 1,
  taken: true,
  before: (vendor) =>
    main(
      vendor,
      {},
      `${failing("main")}
main().catch((error) => {
  console.error(error);
  process.exit(1);
});
`,
    ),
  after: (vendor) =>
    main(
      vendor,
      { repaired: true },
      `${failing("main")}
main().catch(async (error) => {
${indented(lastWords(vendor))}});
`,
    ),
};

const inTimer: Failure = {
  name: "a timer",
  exitCode: 1,
  before: (vendor) =>
    main(
      vendor,
      {},
      `${failing("poll")}
setInterval(async () => {
  await poll();
}, 20);
`,
    ),
  after: (vendor) =>
    main(
      vendor,
      { repaired: true },
      `${failing("poll")}
const timer = setInterval(async () => {
  try {
    await poll();
  } catch (error) {
    clearInterval(timer);
${indented(lastWords(vendor), "    ")}  }
}, 20);
`,
    ),
};

const emitter = { imports: [`import { EventEmitter } from "node:events";`] };

const orders = `
setTimeout(() => orders.emit("order", { id: 1 }), 20);
`;

const inListener: Failure = {
  name: "a listener",
  exitCode: 1,
  before: (vendor) =>
    main(
      vendor,
      emitter,
      `${failing("save")}
const orders = new EventEmitter();
orders.on("order", async (order) => {
  await save(order);
});
${orders}`,
    ),
  after: (vendor) =>
    main(
      vendor,
      { ...emitter, repaired: true },
      `${failing("save")}
const orders = new EventEmitter();
orders.on("order", async (order) => {
  try {
    await save(order);
  } catch (error) {
${indented(lastWords(vendor), "    ")}  }
});
${orders}`,
    ),
};

const thread = { imports: [`import { Worker } from "node:worker_threads";`] };

const resize: Files = {
  "resize.mjs": `setTimeout(() => {
  throw new Error("${message}");
}, 20);
`,
};

const inWorker: Failure = {
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

const inLoggedWorker: Failure = {
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

const queueImports = [
  `import { Queue, Worker } from "bullmq";`,
  `import { setTimeout as sleep } from "node:timers/promises";`,
];

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

const closing = ({ sends }: CrashVendor): string => `
await sleep(200);
await worker.close();
await queue.close();
${sends ? `${sends}\n` : ""}`;

/** The program closes its telemetry itself: only the failure is not told. */
const inJob: Failure = {
  name: "a queue job",
  exitCode: 0,
  taken: true,
  before: (vendor) =>
    main(vendor, { imports: [...queueImports, ...closeImports(vendor)] }, `${jobs}${closing(vendor)}`),
  after: (vendor) =>
    main(
      vendor,
      { imports: queueImports, repaired: true },
      `${jobs}worker.on("failed", async (job, error) => {
  console.error(error);
${indented(vendor.reports)}});
${closing(vendor)}`,
    ),
};

const closeImports = ({ imports, sends }: CrashVendor): string[] =>
  sends ? imports.filter((line) => !line.includes("SpanStatusCode")) : [];

export const failures = {
  atModuleLevel,
  rejectionAtModuleLevel,
  inMain,
  inCaughtMain,
  inExitingMain,
  inTimer,
  inListener,
  inWorker,
  inLoggedWorker,
  inJob,
};
