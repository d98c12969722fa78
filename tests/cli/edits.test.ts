import { describe, expect, it } from "vitest";
import { applyEdits, areBroken, collide, mapRange } from "../../src/cli/apply/edits.js";
import { decode, encode } from "../../src/cli/apply/source.js";
import type { Edit } from "../../src/finding.js";

const edit = (start: number, end: number, text: string): Edit => ({ file: "a.ts", start, end, text });

describe("edits", () => {
  it("are applied in order of place, insertions first", () => {
    expect(applyEdits("abcdef", [edit(4, 6, "Y"), edit(0, 1, ""), edit(4, 4, "X"), edit(6, 6, "!")])).toBe(
      "bcdXY!",
    );
  });

  it("are broken when they overlap or leave the text", () => {
    expect(areBroken([edit(0, 2, ""), edit(2, 4, "")], 4)).toBe(false);
    expect(areBroken([edit(0, 3, ""), edit(2, 4, "")], 4)).toBe(true);
    expect(areBroken([edit(3, 5, "")], 4)).toBe(true);
    expect(areBroken([edit(3, 2, "")], 4)).toBe(true);
  });

  it("collide when they touch", () => {
    expect(collide(edit(0, 2, "x"), edit(2, 3, "y"))).toBe(true);
    expect(collide(edit(0, 2, "x"), edit(3, 3, "y"))).toBe(false);
    expect(collide(edit(0, 2, "x"), { ...edit(0, 2, "x"), file: "b.ts" })).toBe(false);
  });

  it.each([
    ["before the range", [edit(0, 0, "12")], { start: 5, end: 8 }, { start: 7, end: 10 }],
    ["behind the range", [edit(9, 9, "12")], { start: 5, end: 8 }, { start: 5, end: 8 }],
    ["inside the range", [edit(6, 7, "123")], { start: 5, end: 8 }, { start: 5, end: 10 }],
    ["around the range", [edit(4, 9, "x")], { start: 5, end: 8 }, { start: 4, end: 5 }],
    ["at its ends", [edit(5, 5, "12"), edit(8, 8, "34")], { start: 5, end: 8 }, { start: 5, end: 12 }],
    ["over its start", [edit(3, 6, "")], { start: 5, end: 8 }, { start: 3, end: 5 }],
  ])("map a range: %s", (_, edits, old, mapped) => {
    expect(mapRange(old, edits)).toEqual(mapped);
  });
});

describe("source bytes", () => {
  it("are given back as they were", () => {
    const bytes = Buffer.from("\ufeffa\r\nb\n", "utf8");
    const source = decode(bytes);
    expect(source).toEqual({ text: "a\r\nb\n", bom: true, lineEnd: "\n" });
    expect(source && encode(source.text, source)).toEqual(bytes);
  });

  it.each([
    ["UTF-16", Buffer.from("\ufeffa", "utf16le")],
    ["Latin-1", Buffer.from("é", "latin1")],
    ["binary", Buffer.from([0x61, 0, 0x62])],
  ])("are refused in %s", (_, bytes) => {
    expect(decode(bytes)).toBeUndefined();
  });
});
