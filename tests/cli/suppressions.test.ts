import { Linter } from "eslint";
import { describe, expect, it } from "vitest";
import { silencedBy } from "../../src/report/directives.js";
import { parseBulkSuppressions } from "../../src/report/suppressions.js";
import { parse } from "../../src/syntax/parse.js";

const rule = {
  meta: { schema: [] },
  create: (context: { report: (descriptor: unknown) => void }) => ({
    Identifier: (node: { name: string }) => {
      if (node.name === "loss") context.report({ node, message: "loss" });
    },
  }),
};
const plugin = { rules: { one: rule, two: rule } };

/** What ESLint leaves of the findings of two rules, as `rule line:column`. */
function leftByEslint(text: string): string[] {
  const messages = new Linter().verify(text, [
    {
      plugins: { telemetry: plugin as never },
      rules: { "telemetry/one": "error", "telemetry/two": "error" },
      linterOptions: { reportUnusedDisableDirectives: "off" },
    },
  ]);
  return messages
    .filter(({ ruleId }) => ruleId !== null)
    .map(({ ruleId, line, column }) => `${String(ruleId).slice("telemetry/".length)} ${line}:${column}`);
}

function leftByUs(text: string): string[] {
  const silenced = silencedBy(text, parse("a.js", text).comments);
  return text
    .split(/\r\n|[\n\r\u2028\u2029]/)
    .flatMap((content, index) =>
      [...content.matchAll(/\bloss\b(?=;)/g)].flatMap((match) =>
        ["one", "two"]
          .filter((name) => !silenced(name, index + 1, match.index + 1))
          .map((name) => `${name} ${index + 1}:${match.index + 1}`),
      ),
    );
}

describe("comments silence what they silence in ESLint", () => {
  it.each([
    ["nothing", "loss;"],
    ["a whole file", "/* eslint-disable */\nloss;\nloss;"],
    ["one rule of a file", "/* eslint-disable telemetry/one */\nloss;"],
    ["what follows only", "loss; /* eslint-disable */ loss;\nloss;"],
    ["a range", "/* eslint-disable telemetry/one, telemetry/two */\nloss;\n/* eslint-enable */\nloss;"],
    [
      "a range that gives one rule back",
      "/* eslint-disable */\nloss;\n/* eslint-enable telemetry/two */\nloss;",
    ],
    ["a rule within a range", "/* eslint-disable telemetry/two */ /* eslint-enable telemetry/one */ loss;"],
    ["a line", "loss; // eslint-disable-line\nloss;"],
    [
      "a line, with a reason",
      "loss; // eslint-disable-line telemetry/one -- it restarts, telemetry/two\nloss;",
    ],
    ["a line, by a block comment", "loss; /* eslint-disable-line telemetry/two */ loss;"],
    ["no line, when the comment has two", "loss; /* eslint-disable-line\n */ loss;"],
    ["the next line", "// eslint-disable-next-line telemetry/one\nloss;\nloss;"],
    [
      "the line after a long comment",
      "/* eslint-disable-next-line telemetry/one --\n because\n */\nloss;\nloss;",
    ],
    ["nothing in a line comment that opens a range", "// eslint-disable\nloss;"],
    ["nothing in a string", "'/* eslint-disable */'; loss;"],
    ["nothing by a longer word", "/* eslint-disabled */ loss;"],
    ["another rule", "/* eslint-disable no-console */ loss;"],
    ["a quoted rule", "/* eslint-disable 'telemetry/one' */ loss;"],
    ["a rule turned off by configuration", '/* eslint telemetry/one: "off" */ loss;'],
    [
      "two rules turned off by configuration",
      '/* eslint telemetry/one: 0, "telemetry/two": ["off"] */ loss;',
    ],
    ["a rule turned up by configuration", "/* eslint telemetry/one: 1 */ loss;"],
    [
      "line ends of every kind",
      "// eslint-disable-next-line\r\nloss;\u2028loss; // eslint-disable-line\rloss;",
    ],
  ])("%s", (_, text) => {
    expect(leftByUs(text)).toEqual(leftByEslint(text));
  });

  it("reads oxlint's spelling too", () => {
    expect(leftByUs("// oxlint-disable-next-line telemetry/one\nloss;")).toEqual(["two 2:1"]);
  });
});

describe("the bulk file", () => {
  it("gives the counts of our rules", () => {
    const bulk = parseBulkSuppressions(
      '{"a.ts": {"telemetry/one": {"count": 2}, "no-console": {"count": 1}}}',
    );
    expect([...(bulk.get("a.ts") ?? [])]).toEqual([["one", 2]]);
  });

  it.each([
    "[]",
    "null",
    "{",
    '{"a.ts": 1}',
    '{"a.ts": {"telemetry/one": 1}}',
    '{"a.ts": {"telemetry/one": {}}}',
  ])("is refused as %s", (text) => {
    expect(() => parseBulkSuppressions(text)).toThrow(SyntaxError);
  });
});
