import { describe, expect, it } from "vitest";
import { scanText, telemetryLookup } from "../src/program/index/scan.js";

const isTelemetry = telemetryLookup(["@opentelemetry/*", "@sentry/node", "dd-trace/init", "pino"]);
const scan = (text: string) => scanText(text, false, isTelemetry);
const imports = (text: string) => scan(text).imports.map(({ kind, specifier }) => `${kind} ${specifier}`);

describe("imports in a text", () => {
  it.each([
    ['import a from "a"', ["static a"]],
    ["import a, { b as c } from 'a'", ["static a"]],
    ['import * as a from "a";', ["static a"]],
    ['import "a"', ["static a"]],
    ['import"a";import{b}from"b"', ["static a", "static b"]],
    ['import {\n  a,\n  // of course\n  b, /* and */\n} from\n  "a";', ["static a"]],
    ['import {\n  // from "old"\n  a, /* from "b" */ c\n} from "a"', ["static a"]],
    ['import { importantThing, exportOther } from "a"', ["static a"]],
    ['import a from "a" with { type: "json" }', ["static a"]],
    [`import {\n${"  /** @deprecated import from export */\n  a,\n".repeat(30)}} from "a"`, ["static a"]],
    ['import type { A } from "a"', ["type a"]],
    ['import type A from "a"', ["type a"]],
    ['import type * as A from "a"', ["type a"]],
    ['import type from "a"', ["static a"]],
    ['import type, { b } from "a"', ["static a"]],
    ['import { type A, type B } from "a"', ["type a"]],
    ['import { type A, b } from "a"', ["static a"]],
    ['import a, { type B } from "a"', ["static a"]],
    ['import {} from "a"', ["static a"]],
    ['export * from "a"', ["reexport a"]],
    ['export * as b from "a"', ["reexport a"]],
    ['export { a, b as c } from "a"', ["reexport a"]],
    ['export type { A } from "a"', ["type a"]],
    ['import a = require("a");', ["require a"]],
    ["const a = require('a')", ["require a"]],
    ["const { a } = require(`a`);", ["require a"]],
    ['const a = await import("a");', ["dynamic a"]],
    ['const a = import(/* webpackChunkName: "b" */ "a")', ["dynamic a"]],
    ['import(\n  // here\n  "a",\n)', ["dynamic a"]],
    ['import("a").then((a) => a.b())', ["dynamic a"]],
    ['let a: import("a").B;', ["type a"]],
    ['let a: typeof import("a");', ["type a"]],
    ['const url = "http://x"; const a = require("a"); // b', ["require a"]],
    ['import a from "a"; import a2 from "a"; require("a")', ["static a", "require a"]],
  ])("%s", (text, expected) => expect(imports(text)).toEqual(expected));

  it.each([
    ['// import a from "a"'],
    [' * import a from "a"'],
    ['/*\nimport a from "a";\nrequire("b");\n*/'],
    ['x(); // require("a")'],
    ["const text = \"taken from 'a'\""],
    ['Array.from("a")'],
    ['require("./" + name)'],
    ["import(`./${name}.js`)"],
    ['require.resolve("a")'],
    ['loader.require("a")'],
    ['const x = { from: "a" }'],
    ['export const a = "x"; // from "a"'],
    ['export default 1;\nconst from = "a"'],
  ])("none in %s", (text) => expect(imports(text)).toEqual([]));

  it("come after comments and globs that look like comments", () => {
    const text =
      'const glob = "src/**/*.ts";\n/* import "x" */\nimport "a";\n/**\n * import "y"\n */\nimport "b";\n';
    expect(imports(text)).toEqual(["static a", "static b"]);
  });

  it("keep names outside ASCII when bytes stand for characters", () => {
    const bytes = Buffer.from('import "./größe";');
    expect(scanText(bytes.toString("latin1"), true, isTelemetry).imports).toEqual([
      { kind: "static", specifier: "./größe" },
    ]);
  });

  it("take time in proportion to the text", () => {
    const text = `${'const a = "from here"; /* x */ import\n'.repeat(20_000)}import "a";`;
    const start = process.cpuUsage();
    expect(imports(text)).toContain("static a");
    // time of the processor: what else the machine does must not count
    expect(process.cpuUsage(start).user / 1000).toBeLessThan(2000);
  });
});

describe("telemetry in a text", () => {
  it.each([
    ['import { NodeSDK } from "@opentelemetry/sdk-node"', true],
    ['const s = require("@sentry/node")', true],
    ['await import("dd-trace/init")', true],
    ['import * as Sentry from "npm:@sentry/node@^8"', true],
    ['import pino from "pino"', true],
    ['import type { Logger } from "pino"', true],
    ['import x from "pinoccio"', false],
    ['import x from "@sentry/node-core"', false],
    ['// import "pino"', false],
  ])("%s: %s", (text, expected) => expect(scan(text).telemetry).toBe(expected));
});

describe("exits in a text", () => {
  it.each([
    "process.exit(1)",
    "process?.exit?.()",
    'process["exit"](1)',
    "p.then(process.exit)",
    "import { exit } from 'node:process'",
    "const { exit: leave, exit } = process",
    "import { exit as leave } from 'process'",
    "setTimeout(exit, 10)",
    "process.abort()",
    "abort()",
    "process.reallyExit(0)",
    "process.kill(process.pid)",
    "kill(process.pid, 'SIGKILL')",
    "Deno.exit()",
    "app.exit(0)",
    "app.quit()",
    "yargs.exit(1)",
  ])("%s is one", (text) => expect(scan(text).exits).toBe(true));

  it.each([
    "process.exitCode = 1",
    "process.on('exit', f)",
    "exitWith(1)",
    "const a = 1",
    "controller.abort()",
    "the existing one",
  ])("%s is none", (text) => expect(scan(text).exits).toBe(false));
});

describe("generated texts", () => {
  it.each([
    ["// @generated by protobuf-ts\n", true],
    ["/* eslint-disable */\n// This file is auto-generated. DO NOT EDIT.\n", true],
    ["/* Do not edit: generated from schema.graphql */", true],
    [`!function(){${"a();".repeat(3000)}}()`, true],
    ["// Reads what the user generated\nexport const a = 1;", false],
    ["export const a = 1;\n".repeat(1000), false],
  ])("case %#", (text, expected) => expect(scan(text).generated).toBe(expected));
});

describe("workers in a text", () => {
  it.each([
    ['new Worker("./w.js")', ["./w.js"]],
    ['new Worker(new URL("./w.js", import.meta.url), { type: "module" })', ["./w.js"]],
    ['new Worker(path.join(__dirname, "jobs", "w.js"))', ["./jobs/w.js"]],
    ['new worker_threads.Worker(path.resolve(__dirname, "../w.ts"))', ["../w.ts"]],
    ["fork('./child')", ["./child"]],
    ['child_process.fork(join(import.meta.dirname, "child.mjs"), [])', ["./child.mjs"]],
    ['spawn(process.execPath, ["send.js"], { detached: true })', ["./send.js"]],
    ['spawn("node", [path.join(__dirname, "send.js")])', ["./send.js"]],
    ['new Piscina({ filename: path.resolve(__dirname, "w.js") })', ["./w.js"]],
    ['spawn("git", ["diff", "a.js"])', []],
    ["new Worker(code, { eval: true })", []],
    ["fork(path)", []],
  ])("%s", (text, expected) => expect(scan(text).workers).toEqual(expected));
});
