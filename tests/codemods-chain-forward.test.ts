import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { Workspace } from "../src/workspace.js";
import { tree } from "./support/program-index-tree.js";
import { repairAll } from "./support/repair.js";

/** What the one finding of a file is offered, and the text once it is repaired. */
async function repaired(text: string, file = "main.js"): Promise<{ level: string | null; text: string }> {
  const root = tree({ "package.json": { name: "wrapper", main: file }, [file]: text });
  const workspace = Workspace.open({ root, cacheDir: false });
  const findings = workspace.analyse().findings.filter(({ rule }) => rule === "no-broken-interceptor");
  expect(findings).toHaveLength(1);
  const [finding] = findings;
  const level = finding ? (workspace.repair(finding)?.level ?? null) : null;
  await repairAll(root);
  return { level, text: readFileSync(path.join(root, file), "utf8") };
}

const emitting = (body: string): string =>
  `const emit = process.emit;\nprocess.emit = function (...args) {\n${body}\n};\n`;

describe("a result that is dropped", () => {
  it("is returned where the call comes last", async () => {
    expect(await repaired(emitting("  count();\n  emit.apply(this, args);"))).toEqual({
      level: "safe",
      text: emitting("  count();\n  return emit.apply(this, args);"),
    });
  });

  it("is returned with the await in front of it", async () => {
    const text = (drop: string): string =>
      `const original = fetch;\nglobalThis.fetch = async (...args) => {\n  ${drop}await original(...args);\n};\n`;
    expect(await repaired(text(""))).toEqual({ level: "safe", text: text("return ") });
  });

  it("takes the place of a bare return behind it", async () => {
    const text = emitting(
      "  if (quiet) {\n    emit.apply(this, args);\n    return;\n  }\n  return emit.apply(this, args);",
    );
    expect((await repaired(text)).text).toBe(
      emitting("  if (quiet) {\n    return emit.apply(this, args);\n  }\n  return emit.apply(this, args);"),
    );
  });

  it("is returned from a branch without braces", async () => {
    expect((await repaired(emitting("  if (emit) emit.apply(this, args);"))).text).toBe(
      emitting("  if (emit) return emit.apply(this, args);"),
    );
  });

  it("is kept in a variable while something follows", async () => {
    expect(await repaired(emitting("  emit.apply(this, args);\n  count();"))).toEqual({
      level: "safe",
      text: emitting("  const result = emit.apply(this, args);\n  count();\n  return result;"),
    });
  });

  it("is kept in the way and under a name that fit the file", async () => {
    const old = (keep: string, back: string): string =>
      `var emit = process.emit;\nprocess.emit = function () {\n  var result = count();\n  ${keep}emit.apply(this, arguments);\n  log(result);${back}\n};\n`;
    expect((await repaired(old("", ""))).text).toBe(old("var returned = ", "\n  return returned;"));
  });

  it("comes through what runs the call in a span", async () => {
    const text = (outer: string, inner: string): string =>
      emitting(`  ${outer}storage.run(state, () => {\n    ${inner}emit.apply(this, args);\n  });`);
    expect(await repaired(text("", ""))).toEqual({ level: "review", text: text("return ", "return ") });
  });

  it("is left where another path behind it returns", async () => {
    const text = emitting("  emit.apply(this, args);\n  if (quiet) return;\n  count();");
    expect(await repaired(text)).toEqual({ level: null, text });
  });

  it("is left in a loop", async () => {
    const text = emitting("  for (const event of events) {\n    emit.call(this, event);\n  }");
    expect(await repaired(text)).toEqual({ level: null, text });
  });

  it("is left where the wrapper says that it gives nothing", async () => {
    const text =
      "const original = fetch;\n(globalThis as any).fetch = async function (...args: any[]): Promise<void> {\n  await original(...args);\n};\n";
    expect(await repaired(text, "main.ts")).toEqual({ level: null, text });
  });
});

describe("a result that is forgotten on one path", () => {
  const driver = (exit: string, end = "  return rows;\n"): string =>
    `const query = client.query;\nclient.query = function (...args) {\n  const rows = query.apply(this, args);\n${exit}${end}};\n`;

  it("takes the place of nothing", async () => {
    expect((await repaired(driver("  if (quiet) return null;\n"))).text).toBe(
      driver("  if (quiet) return rows;\n"),
    );
  });

  it("is returned at the end", async () => {
    const text = driver("  if (loud) return rows;\n", "  count();\n");
    expect(await repaired(text)).toEqual({
      level: "safe",
      text: driver("  if (loud) return rows;\n", "  count();\n  return rows;\n"),
    });
  });
});

describe("an early path", () => {
  const traced = (exit: string, call: string): string =>
    `const { trace } = require("@opentelemetry/api");\nconst query = client.query;\nclient.query = function (text) {\n  if (!trace.getActiveSpan()) ${exit}\n${call}};\n`;

  it("calls the original as the other does", async () => {
    const call = "  return query.call(this, text);\n";
    expect(await repaired(traced("return;", call))).toEqual({
      level: "review",
      text: traced("return query.call(this, text);", call),
    });
  });

  it("is left where the call needs what is not there yet", async () => {
    const text = traced("return;", "  const tagged = tag(text);\n  return query.call(this, tagged);\n");
    expect(await repaired(text)).toEqual({ level: null, text });
  });
});

describe("arguments that are lost", () => {
  it("come with a rest behind one bare parameter", async () => {
    expect(
      await repaired("const log = console.log;\nconsole.log = line => {\n  log(tag(line));\n};\n"),
    ).toEqual({
      level: "review",
      text: "const log = console.log;\nconsole.log = (line, ...rest) => {\n  log(tag(line), ...rest);\n};\n",
    });
  });

  it("come behind the others in a list", async () => {
    const text = (rest: string): string =>
      `const log = console.log;\nconsole.log = function (line${rest}) {\n  log.apply(console, [line${rest}]);\n};\n`;
    expect((await repaired(text(""))).text).toBe(text(", ...rest"));
  });

  it("come by apply in place of call", async () => {
    const text = (form: string): string =>
      `const send = api.send;\napi.send = function () {\n  return send.${form}(api, arguments);\n};\n`;
    expect((await repaired(text("call"))).text).toBe(text("apply"));
  });

  it("are left where the types of the wrapper are its own", async () => {
    const text =
      "const log = console.log;\nfunction logged(line: string) {\n  log(line);\n}\nconsole.log = logged as typeof console.log;\n";
    expect(await repaired(text, "main.ts")).toEqual({ level: null, text });
  });
});
