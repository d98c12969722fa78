import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { loadCases, unpack, unpackRepaired } from "./support/fixtures.js";
import { repairAll } from "./support/repair.js";
import { added, diagnosticsOf } from "./support/typecheck.js";

const cases = loadCases().filter(({ kind }) => kind === "bad");
let home = "";
let diagnostics = new Map<string, string[]>();

const folderOf = (state: "before" | "repaired" | "shown" | "broken", name: string) =>
  path.join(home, state, name);
const linesOf = (...where: Parameters<typeof folderOf>) => diagnostics.get(folderOf(...where));

beforeAll(async () => {
  home = realpathSync(mkdtempSync(path.join(tmpdir(), "telemetry-fix-types-")));
  const roots: string[] = [];
  for (const fixture of cases) {
    roots.push(unpack(fixture, folderOf("before", fixture.name)));
    const repaired = unpack(fixture, folderOf("repaired", fixture.name));
    await repairAll(repaired);
    roots.push(repaired);
    const shown = unpackRepaired(fixture, folderOf("shown", fixture.name));
    if (shown !== undefined) roots.push(shown);
  }
  diagnostics = diagnosticsOf(roots);
});

afterAll(() => {
  rmSync(home, { recursive: true, force: true });
});

describe("TypeScript holds nothing new", () => {
  it.each(cases)("against $name once it is repaired", ({ name }) => {
    const then = linesOf("before", name);
    expect(then).toBeDefined();
    expect(added(then ?? [], linesOf("repaired", name) ?? [])).toEqual([]);
    expect(added(then ?? [], linesOf("shown", name) ?? [])).toEqual([]);
  });
});
