import { describe, expect, it } from "vitest";
import { isNestedTooDeeply } from "../src/syntax/nesting.js";

const deep = 500;
const times = (text: string) => text.repeat(deep);

describe("too deep nesting is seen in", () => {
  it.each([
    ["arrays", `x = ${times("[")}${times("]")}`],
    ["parentheses", `x = ${times("(")}1${times(")")}`],
    ["functions", times("function f() {") + times("}")],
    ["arrow functions", `x = ${times("() => ")}1`],
    ["objects", `x = ${times("{ a: ")}1${times("}")}`],
    ["templates", `x = ${times("`a ${")}1${times("}`")}`],
    ["type arguments", `let x: ${times("A<")}A${times(">")}`],
    ["arrays behind a division", `x = a / 2 + b / ${times("[")}`],
    [
      "arrays behind a string, a comment and a regular expression",
      `"a"; /* b */ /]/.test(c); // d\nx = ${times("[")}`,
    ],
  ])("%s", (_, text) => {
    expect(isNestedTooDeeply(text)).toBe(true);
  });
});

describe("no deep nesting is seen in", () => {
  it.each([
    ["many flat brackets", times("call([1], { a: 2 });\n")],
    ["brackets in strings", times('print("\\u001b[31m(");\n') + times("print('it\\'s {');\n")],
    ["brackets in templates", times("print(`[${a}( {`);\n")],
    ["brackets in comments", times("// see (\n") + times("/* [ { */\n")],
    ["brackets in regular expressions", times("x = /\\([[({]/.test(y);\n") + times("return /{/g;\n")],
    ["many arrow functions", times("x => x,") + times("list.map((a) => a);\n")],
    ["many comparisons", times("if (a < b) run();\n") + times("a < b, ")],
    ["an unfinished string, template or comment", `${times("a;")}"`],
    ["an unfinished template", `${times("a;")}\``],
    ["an unfinished comment", `${times("a;")}/*`],
    ["short text", "[[["],
  ])("%s", (_, text) => {
    expect(isNestedTooDeeply(text)).toBe(false);
  });
});
