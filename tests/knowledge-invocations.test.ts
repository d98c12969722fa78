import { describe, expect, it } from "vitest";
import { vendors } from "../src/knowledge/index.js";
import { invocationPreloads, invocationSdks, invocationWrappers } from "../src/knowledge/invocation-sdks.js";

const names = new Set(vendors.map(({ name }) => name));
const ownerOf = (specifier: string) =>
  vendors.find(({ packages }) => packages.some(({ specifiers }) => specifiers.includes(specifier)));

describe("what a freeze does to SDKs", () => {
  it.each(invocationSdks.flatMap((sdk) => sdk.specifiers.map((specifier) => [specifier, sdk] as const)))(
    "%s belongs to the vendor of its row",
    (specifier, { vendor }) => {
      expect(ownerOf(specifier)?.name).toBe(vendor);
    },
  );

  it("names parts that are classes of the SDK", () => {
    for (const { part, specifiers } of invocationSdks) {
      if (part === undefined) continue;
      const packages = specifiers.flatMap(
        (s) => ownerOf(s)?.packages.filter((p) => p.specifiers.includes(s)) ?? [],
      );
      expect(
        packages.some((p) => p.exports[part]?.kind === "class"),
        part,
      ).toBe(true);
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
