import { failing, type Failure, indented, lastWords, main, message } from "./program.js";

/** Once its failure is taken, the service goes on until it closes itself. */
const goesOn = { exitCodeBefore: 1, exitCode: 0 };

const polling = { ends: ["clearInterval(timer);"] };

export const inTimer: Failure = {
  name: "a timer",
  ...goesOn,
  before: (vendor) =>
    main(
      vendor,
      polling,
      `${failing("poll")}
const timer = setInterval(async () => {
  await poll();
}, 20);
`,
    ),
  after: (vendor) =>
    main(
      vendor,
      { ...polling, repaired: true },
      `${failing("poll")}
const timer = setInterval(async () => {
  try {
    await poll();
  } catch (error) {
    console.error(error);
${indented(vendor.reports, "    ")}  }
}, 20);
`,
    ),
};

export const inThrowingTimer: Failure = {
  name: "a throw in a timer, and a listener that exits",
  exitCode: 1,
  taken: true,
  before: (vendor) =>
    main(
      vendor,
      {},
      `process.on("uncaughtException", (error) => {
  console.error(error);
  process.exit(1);
});

setTimeout(() => {
  throw new Error("${message}");
}, 20);
`,
    ),
  after: (vendor) =>
    main(
      vendor,
      { repaired: true },
      `process.on("uncaughtException", async (error) => {
${indented(lastWords(vendor))}});

setTimeout(() => {
  throw new Error("${message}");
}, 20);
`,
    ),
};

const emitter = { imports: [`import { EventEmitter } from "node:events";`] };

const orders = `
setTimeout(() => orders.emit("order", { id: 1 }), 20);
`;

const listening = { ...emitter, ends: [] };

export const inListener: Failure = {
  name: "a listener",
  ...goesOn,
  before: (vendor) =>
    main(
      vendor,
      listening,
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
      { ...listening, repaired: true },
      `${failing("save")}
const orders = new EventEmitter();
orders.on("order", async (order) => {
  try {
    await save(order);
  } catch (error) {
    console.error(error);
${indented(vendor.reports, "    ")}  }
});
${orders}`,
    ),
};

const throwingListener = `const orders = new EventEmitter();
orders.on("order", () => {
  throw new Error("${message}");
});
${orders}`;

export const inThrowingListener: Failure = {
  name: "a throw in a listener, captured by a monitor",
  exitCode: 1,
  before: (vendor) =>
    main(
      vendor,
      { ...emitter, repaired: true },
      `process.on("uncaughtExceptionMonitor", (error) => {
${indented(vendor.captures ?? vendor.reports)}});

${throwingListener}`,
    ),
  after: (vendor) =>
    main(
      vendor,
      { ...emitter, repaired: true },
      `process.on("uncaughtException", async (error) => {
${indented(lastWords(vendor))}});

${throwingListener}`,
    ),
};
