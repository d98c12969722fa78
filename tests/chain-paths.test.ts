import { describe, expect, it } from "vitest";
import { type Event, exitsOf } from "../src/chain/calls/paths.js";
import { lower } from "../src/syntax/lower.js";

/** Each way out of a function `f`: what is returned, and whether `mark()` was passed. */
function told(body: string): string[] {
  const text = `function f() { ${body} }`;
  const { module } = lower("f.js", text);
  const fn = module.fns.find(({ name }) => name === "f");
  expect(fn).toBeDefined();
  const isMark: Event = (e) => e.k === "call" && e.callee.k === "id" && e.callee.name === "mark";
  return (fn ? exitsOf(fn, [isMark]) : []).map(({ e, statement, passed: [passed] }) => {
    const value = e ? text.slice(...e.at) : "nothing";
    return `${statement ? "return" : "end"} ${value}: ${String(passed)}`;
  });
}

describe("the ways out of a function", () => {
  it("are its returns and its end", () => {
    expect(told("mark();")).toEqual(["end nothing: yes"]);
    expect(told("if (a) return 1; mark(); return 2;")).toEqual(["return 1: no", "return 2: yes"]);
    expect(told("if (a) throw b; mark();")).toEqual(["end nothing: yes"]);
  });

  it("join what the branches did", () => {
    expect(told("if (a) mark(); else mark(); return 1;")).toEqual(["return 1: yes"]);
    expect(told("if (a) mark(); return 1;")).toEqual(["return 1: maybe"]);
    expect(told("if (a) { mark(); return 1; } return 2;")).toEqual(["return 1: yes", "return 2: no"]);
  });

  it("know what an expression may leave out", () => {
    expect(told("return a && mark();")).toEqual(["return a && mark(): maybe"]);
    expect(told("return a ? mark() : mark();")).toEqual(["return a ? mark() : mark(): yes"]);
    expect(told("return mark() || a;")).toEqual(["return mark() || a: yes"]);
    expect(told("return () => mark();")).toEqual(["return () => mark(): no"]);
  });

  it("lead through loops, which may not run", () => {
    expect(told("for (const a of b) mark();")).toEqual(["end nothing: maybe"]);
    expect(told("do { mark(); } while (a);")).toEqual(["end nothing: yes"]);
    expect(told("for (const a of b) { if (a) return a; mark(); }")).toEqual([
      "return a: maybe",
      "end nothing: maybe",
    ]);
    expect(told("while (true) { if (a) break; mark(); } return 1;")).toEqual(["return 1: maybe"]);
  });

  it("lead through the cases of a switch", () => {
    expect(
      told("switch (a) { case 1: return 1; case 2: mark(); break; default: return 3; } return 4;"),
    ).toEqual(["return 1: no", "return 3: no", "return 4: yes"]);
    expect(told("switch (a) { case 1: mark(); }")).toEqual(["end nothing: maybe"]);
  });

  it("come through the handler with what may have run", () => {
    expect(told("try { mark(); return 1; } catch { return 2; }")).toEqual([
      "return 1: yes",
      "return 2: maybe",
    ]);
    expect(told("try { a(); } catch { mark(); } return 1;")).toEqual(["return 1: maybe"]);
  });

  it("come through finally, whatever they are", () => {
    expect(told("try { return 1; } finally { mark(); }")).toEqual(["return 1: yes"]);
    expect(told("try { a(); } finally { mark(); } return 1;")).toEqual(["return 1: yes"]);
    expect(told("try { return 1; } finally { return 2; }")).toEqual(["return 2: no"]);
  });
});
