import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { Workspace } from "../src/workspace.js";

const home = mkdtempSync(path.join(tmpdir(), "concrete-use-"));
afterAll(() => {
  rmSync(home, { recursive: true, force: true });
});

const channel = `
import { trace } from "@opentelemetry/api";
const span = (name, run) => trace.getTracer("t").startActiveSpan(name, run);
export class Local {
  services = [];
  register(name) { this.services.push(name); }
  invoke(name) { return this.services.includes(name); }
  use() { return this; }
}
export class Traced {
  constructor(inner) { this.inner = inner; }
  invoke(name) { return span(name, () => this.inner.invoke(name)); }
}
export const traced = (inner) => ({ invoke: (name) => span(name, () => inner.invoke(name)) });
`;

/** The lines of a program beside that channel which the check names. */
function linesOf(main: string, { file = "main.js", strict = false, beside = {} } = {}): number[] {
  const root = mkdtempSync(path.join(home, "program-"));
  const files = { "package.json": "{}", "channel.js": channel, [file]: main, ...beside };
  for (const [name, text] of Object.entries(files)) writeFileSync(path.join(root, name), text);
  const { findings, problems } = Workspace.open({ root, cacheDir: false, strict }).analyse();
  expect(problems).toEqual([]);
  return findings.filter(({ check }) => check === "concrete-use").map(({ line }) => line);
}

const imports = `import { Local, Traced, traced } from "./channel.js"; const on = process.env.TRACING;\n`;

describe("a channel that may be wrapped", () => {
  it.each([
    ["by a class", `let c = new Local();\nif (on) c = new Traced(c);\nc.register("a");`],
    ["by an object literal", `let c = new Local();\nif (on) c = traced(c);\nc.register("a");`],
    ["in a ternary", `const l = new Local();\nconst c = on ? traced(l) : l;\nc.register("a");`],
    ["by &&", `let c = new Local();\nc = (on && traced(c)) || c;\nc.register("a");`],
    ["twice", `let c = new Local();\nc = traced(new Traced(c));\nc.register("a");`],
    ["in a loop", `let c = new Local();\nfor (const link of [traced]) c = link(c);\nc.register("a");`],
    ["under the same condition", `let c = new Local();\nif (on) { c = traced(c);\nc.register("a"); }`],
    [
      "before a callback runs",
      `let c = new Local();\nif (on) c = traced(c);\nsetTimeout(() => c.register("a"));`,
    ],
    [
      "after a callback was made",
      `let c = new Local();\nexport const add = () =>\nc.register("a");\nif (on) c = traced(c);`,
    ],
    [
      "and has another name then",
      `let c = new Local(); if (on) c = traced(c);\nconst d = c;\nd.register("a");`,
    ],
    ["and is read further", `let c = new Local();\nif (on) c = traced(c);\nconsole.log(c.services.length);`],
    [
      "and is handed to a function",
      `let c = new Local();\nconst add = (to) => to.register("a"); if (on) c = traced(c);\nadd(c);`,
    ],
  ])("%s", (_, main) => {
    expect(linesOf(imports + main)).toEqual([4]);
  });

  it("by a promise that is awaited", () => {
    const main = `${imports}async function open() { const c = new Local(); return on ? traced(c) : c; }
const c = await open();
c.register("a");
open().then((it) => it.invoke("a"));`;
    expect(linesOf(main)).toEqual([4]);
  });

  it("in a private field", () => {
    const main = `${imports}export class Server {
#c = new Local();
constructor() { if (on) this.#c = traced(this.#c); }
add() { this.#c.register("a"); } }`;
    expect(linesOf(main)).toEqual([5]);
  });

  it("by CommonJS modules", () => {
    const wrap = `const { Local } = require("./local.cjs");
const traceChannel = (inner) => ({ invoke(name) { console.log("trace", name); return inner.invoke(name); } });
module.exports = { open() { let c = new Local(); if (process.env.TRACING) c = traceChannel(c); return c; } };`;
    const local = `module.exports.Local = class Local { register() {} invoke(name) { return name; } };`;
    const main = `const { open } = require("./wrap.cjs");\nconst c = open();\nc.register("a");`;
    expect(linesOf(main, { file: "main.cjs", beside: { "wrap.cjs": wrap, "local.cjs": local } })).toEqual([
      3,
    ]);
  });

  it("which a class of a package is inside of", () => {
    const main = `import { StdioTransport } from "mcp-transports";
import { trace } from "@opentelemetry/api";
import type { Transport } from "mcp-transports";
const traced = (t: Transport): Transport => ({ send: (m) => trace.getTracer("t").startActiveSpan("send", () => t.send(m)) });
let t: Transport = new StdioTransport();
if (process.env.TRACING) t = traced(t);
(t as StdioTransport).kill();
if (t instanceof StdioTransport) t.kill();`;
    expect(linesOf(main, { file: "main.ts" })).toEqual([7, 8]);
  });

  it("is told of an optional call only when strict", () => {
    const main = `${imports}let c = new Local();\nif (on) c = traced(c);\nc.register?.("a");`;
    expect(linesOf(main)).toEqual([]);
    expect(linesOf(main, { strict: true })).toEqual([4]);
  });
});

describe("nothing is said of", () => {
  it.each([
    ["a method that hands itself back", `let c = new Local();\nif (on) c = c.use(traced);\nc.register("a");`],
    ["what is set anew", `let c = new Local();\nif (on) c = traced(c);\nc = new Local();\nc.register("a");`],
    ["the other branch", `let c = new Local();\nif (on) c = traced(c);\nelse c.register("a");`],
    [
      "a branch that is left",
      `export function f() { let c = new Local(); if (on) { c = traced(c); return c; }\nc.register("a"); return c; }`,
    ],
    [
      "a parameter whose class nobody says",
      `function start(c) {\nif (on) c = traced(c);\nc.register("a"); }\nstart(new Local());`,
    ],
    ["what both have", `let c = new Local();\nif (on) c = traced(c);\nc.invoke("a");`],
    [
      "a member put on the wrapper",
      `let c = new Local();\nif (on) { const w = traced(c); w.register = () => {}; c = w; }\nc.register("a");`,
    ],
    [
      "an unknown wrapper",
      `import { wrap } from "wraps";\nlet c = new Local();\nif (on) c = wrap(c);\nc.register("a");`,
    ],
    [
      "an unknown spread",
      `const t = (inner, more) => ({ ...more, invoke: (n) => { console.log("trace", n); return inner.invoke(n); } });\nlet c = new Local();\nc = t(c, globalThis.more);\nc.register("a");`,
    ],
    [
      "a failure that is dealt with",
      `let c = new Local();\nif (on) c = traced(c);\ntry { c.register("a"); } catch { console.log("no"); }`,
    ],
    [
      "an assertion of the program",
      `let c = new Local();\nif (on) c = traced(c);\nassertLocal(c);\nc.register("a");\nfunction assertLocal(it) { if (!it.register) throw new Error("no"); }`,
    ],
    [
      "a kind told by a member",
      `let c = new Local();\nif (on) c = traced(c);\nif (c.kind === "local") c.register("a");`,
    ],
    [
      "a member that is asked for as a value",
      `let c = new Local();\nif (on) c = traced(c);\nexport const n = c.services ?? [];`,
    ],
    [
      "what is the same condition the other way round",
      `let c = new Local();\nif (on) c = traced(c);\nif (!on) c.register("a");`,
    ],
  ])("%s", (_, main) => {
    expect(linesOf(imports + main)).toEqual([]);
  });
});
