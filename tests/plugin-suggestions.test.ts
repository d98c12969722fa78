import { join } from "node:path";
import { ESLint } from "eslint";
import { describe, expect, it, vi } from "vitest";
import type { Finding, Repair } from "../src/finding.js";
import { project } from "./cli/support.js";

const finding: Finding = {
  rule: "no-exit-before-flush",
  level: "error",
  file: "a.js",
  line: 1,
  column: 1,
  endLine: 1,
  endColumn: 5,
  message: "exit() loses spans",
  fix: "safe",
  why: [],
  fingerprint: "",
};
let repair: Repair | undefined;

vi.mock("../src/workspace.js", () => ({
  Workspace: {
    open: () => ({ analyseFile: () => [finding], repair: () => repair, refresh: () => undefined }),
  },
}));

async function lint(fix: boolean) {
  const { default: plugin } = await import("../src/plugin.js");
  const root = project({ "package.json": "{}", "a.js": "exit();\r\nmore();\r\n" });
  const linter = new ESLint({
    cwd: root,
    fix,
    overrideConfigFile: true,
    overrideConfig: [plugin.configs.recommended],
  });
  const [result] = await linter.lintFiles([join(root, "a.js")]);
  return result;
}

describe("suggestions", () => {
  it("carry the repair, with the line ends of the file", async () => {
    repair = {
      level: "safe",
      title: "wait for the flush",
      edits: [
        { file: "a.js", start: 0, end: 0, text: "await flush();\n" },
        { file: "a.js", start: 9, end: 9, text: "/* then */ " },
      ],
    };
    const result = await lint(false);
    expect(result?.messages[0]?.suggestions).toEqual([
      {
        messageId: "repair",
        data: { title: "wait for the flush" },
        desc: "wait for the flush",
        fix: { range: [0, 9], text: "await flush();\r\nexit();\r\n/* then */ " },
      },
    ]);
  });

  it("are never applied by --fix", async () => {
    const result = await lint(true);
    expect(result?.output).toBeUndefined();
    expect(result?.messages).toHaveLength(1);
  });

  it("are not offered for repairs that need a second file, or when there is none", async () => {
    repair = { level: "safe", title: "both", edits: [{ file: "b.js", start: 0, end: 0, text: "x" }] };
    expect((await lint(false))?.messages[0]?.suggestions).toBeUndefined();
    repair = undefined;
    expect((await lint(false))?.messages[0]?.suggestions).toBeUndefined();
  });
});
