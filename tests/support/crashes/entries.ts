import { failing, type Failure, indented, lastWords, main, message } from "./program.js";

const readSettings = `function readSettings() {
  throw new Error("${message}");
}

const settings = readSettings();
console.log("settings", settings);
`;

export const atModuleLevel: Failure = {
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

export const swallowedRejection: Failure = {
  name: "a rejection that a listener only logs",
  exitCodeBefore: 0,
  exitCode: 1,
  before: (vendor) =>
    main(
      vendor,
      {},
      `process.on("unhandledRejection", (reason) => {
  console.error(reason);
});

${failing("connect")}
connect();
`,
    ),
  after: (vendor) =>
    main(
      vendor,
      { repaired: true },
      `process.on("unhandledRejection", async (error) => {
${indented(lastWords(vendor))}});

${failing("connect")}
connect();
`,
    ),
};

export const rejectionAtModuleLevel: Failure = {
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

export const inMain: Failure = {
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

export const inCaughtMain: Failure = {
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

export const inExitingMain: Failure = {
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
