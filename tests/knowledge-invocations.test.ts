import { parseSync } from "oxc-parser";
import { describe, expect, it } from "vitest";
import { vendors } from "../src/knowledge/index.js";
import { invocationPreloads, invocationSdks, invocationWrappers } from "../src/knowledge/invocation-sdks.js";

const names = new Set(vendors.map(({ name }) => name));
const owner = (specifier: string): string | undefined =>
  vendors.find(({ packages }) => packages.some(({ specifiers }) => specifiers.includes(specifier)))?.name;

describe("what a freeze does to SDKs", () => {
  it.each(invocationSdks.flatMap((sdk) => sdk.specifiers.map((specifier) => [specifier, sdk] as const)))(
    "%s belongs to the vendor of its row",
    (specifier, { vendor }) => {
      expect(owner(specifier)).toBe(vendor);
    },
  );

  it("names a flush that is an expression about the handle", () => {
    for (const { flush, vendor } of invocationSdks) {
      if (flush === null) continue;
      const { errors, program } = parseSync(
        "x.ts",
        `async () => { await ${flush.replaceAll("$", "handle")}; }`,
      );
      expect(errors, vendor).toEqual([]);
      expect(program.body).toHaveLength(1);
      expect(flush).toMatch(/\$|getTracerProvider/);
    }
  });

  it("does not call a way out deceptive and safe at once", () => {
    for (const { flush, deceptive = [], awaited = [], vendor } of invocationSdks)
      for (const name of deceptive) {
        expect(awaited, vendor).not.toContain(name);
        expect(flush, vendor).not.toBe(`$.${name}()`);
      }
  });

  it("knows the vendor of each wrapper and preload", () => {
    for (const { vendor, modules, handler } of invocationWrappers) {
      expect(names, vendor).toContain(vendor);
      expect(modules).not.toEqual([]);
      expect(handler).toBeGreaterThanOrEqual(0);
    }
    for (const { vendor } of invocationPreloads) expect(names).toContain(vendor);
  });
});
