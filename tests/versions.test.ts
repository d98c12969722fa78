import { describe, expect, it } from "vitest";
import { readBunLock } from "../src/versions/locks/bun.js";
import { readNpmLock } from "../src/versions/locks/npm.js";
import { readPnpmLock } from "../src/versions/locks/pnpm.js";
import { readYarnLock } from "../src/versions/locks/yarn.js";
import { areDisjoint, isIn, isWithin } from "../src/versions/ranges.js";

const api = "@opentelemetry/api";
const asked = { dir: "", by: "orders", name: api, range: "^1.3.0" };

describe("ranges", () => {
  it.each([
    ["^0.57.2", "<0.200", true],
    ["^1.30.0", ">=1 <2", true],
    ["~0.203.0", ">=0.200 <0.400", true],
    ["1.x", "<2", true],
    [">=0.57.0 <0.58.0", "<0.200", true],
    ["^0.57.0 || ^0.203.0", "<0.200", false],
    [">=0.57.0", "<0.200", false],
    [">= 1.0.0 < 1.9.0", "<1.10", true],
    ["*", "<2", false],
    ["latest", "<2", false],
    ["workspace:^1.0.0", "<2", false],
    ["npm:other@^1.0.0", "<2", false],
    ["1.0.0 - 1.5.0", "<2", false],
  ])("%s is surely within %s: %s", (range, wanted, expected) => {
    expect(isWithin(range, wanted)).toBe(expected);
  });

  it.each([
    [[0, 57, 2], "^0.57.0", true],
    [[0, 58, 0], "^0.57.0", false],
    [[0, 0, 4], "^0.0.3", false],
    [[2, 0, 1], ">=1.30 <2 || ^2.0.0", true],
    [[1, 2, 3], "catalog:", undefined],
  ] as const)("%j in %s: %s", (version, range, expected) => {
    expect(isIn(version, range)).toBe(expected);
  });

  it("knows ranges without a common version", () => {
    expect(areDisjoint("^9.40.0", "^8.55.0")).toBe(true);
    expect(areDisjoint("10.0.0", "10.75.0")).toBe(true);
    expect(areDisjoint("^10.0.0", "^10.4.0")).toBe(false);
    expect(areDisjoint("latest", "^10.4.0")).toBe(false);
  });
});

describe("package-lock.json", () => {
  const packages = {
    "": { name: "shop" },
    [`node_modules/${api}`]: { version: "1.9.0" },
    [`apps/orders/node_modules/${api}`]: { version: "1.4.1" },
    "node_modules/other/node_modules/deep": { version: "3.0.0" },
    "node_modules/linked": { link: true, version: "9.9.9" },
  };
  const locked = readNpmLock(JSON.stringify({ lockfileVersion: 3, packages }));

  it("looks where Node looks", () => {
    expect(locked(asked)).toBe("1.9.0");
    expect(locked({ ...asked, dir: "apps/orders" })).toBe("1.4.1");
    expect(locked({ ...asked, dir: "apps/web" })).toBe("1.9.0");
    expect(locked({ ...asked, name: "deep" })).toBeUndefined();
    expect(locked({ ...asked, name: "linked" })).toBeUndefined();
  });

  it("reads the first format", () => {
    const first = readNpmLock(
      JSON.stringify({ lockfileVersion: 1, dependencies: { [api]: { version: "1.2.0" } } }),
    );
    expect(first(asked)).toBe("1.2.0");
    expect(first({ ...asked, dir: "apps/orders" })).toBeUndefined();
  });

  it.each(["", "{", "[]", "null", '{"packages":7}', '{"packages":{"node_modules/@opentelemetry/api":null}}'])(
    "bears %j",
    (text) => {
      expect(readNpmLock(text)(asked)).toBeUndefined();
    },
  );
});

describe("pnpm-lock.yaml", () => {
  it("reads format 9 with importers", () => {
    const locked = readPnpmLock(`lockfileVersion: '9.0'

importers:

  .:
    devDependencies:
      typescript:
        specifier: ^5.0.0
        version: 5.4.5

  apps/orders:
    dependencies:
      '@opentelemetry/api':
        specifier: ^1.3.0
        version: 1.9.0
      '@opentelemetry/sdk-node':
        specifier: ^0.57.0
        version: 0.57.2(@opentelemetry/api@1.9.0)
      shared:
        specifier: workspace:*
        version: link:../../packages/shared

  apps/web:
    dependencies:
      '@opentelemetry/api':
        specifier: ^1.3.0
        version: 1.4.1

packages:

  '@opentelemetry/api@1.9.0':
    resolution: {integrity: sha512-none}
`);
    expect(locked({ ...asked, dir: "apps/orders" })).toBe("1.9.0");
    expect(locked({ ...asked, dir: "apps/web" })).toBe("1.4.1");
    expect(locked({ ...asked, dir: "apps/orders", name: "@opentelemetry/sdk-node" })).toBe("0.57.2");
    expect(locked({ ...asked, dir: "apps/orders", name: "shared" })).toBeUndefined();
    expect(locked({ ...asked, dir: "", name: api })).toBeUndefined();
    expect(locked({ ...asked, dir: "apps/none" })).toBeUndefined();
  });

  it("reads format 5, in which what is asked for stands in front", () => {
    const locked = readPnpmLock(`lockfileVersion: 5.4

specifiers:
  '@opentelemetry/api': 1.4.0
  '@opentelemetry/sdk-node': ^0.45.0

dependencies:
  '@opentelemetry/api': 1.8.0
  '@opentelemetry/sdk-node': 0.45.1_@opentelemetry+api@1.8.0

packages:

  /@opentelemetry/api/1.8.0:
    resolution: {integrity: sha512-none}
`);
    expect(locked(asked)).toBe("1.8.0");
    expect(locked({ ...asked, name: "@opentelemetry/sdk-node" })).toBe("0.45.1");
  });

  it("reads format 6 without importers, with other line ends", () => {
    const text = `lockfileVersion: '6.0'\n\ndependencies:\n  '@opentelemetry/api':\n    specifier: ^1.3.0\n    version: 1.8.0\n\npackages:\n`;
    expect(readPnpmLock(text.replaceAll("\n", "\r\n"))(asked)).toBe("1.8.0");
  });

  it("bears what is none", () => {
    expect(readPnpmLock("<<<<<<< HEAD\nimporters:\n")(asked)).toBeUndefined();
    expect(readPnpmLock("")(asked)).toBeUndefined();
  });
});

describe("yarn.lock", () => {
  it("finds the entry that answers a range", () => {
    const locked = readYarnLock(`# yarn lockfile v1


"@opentelemetry/api@^1.0.0", "@opentelemetry/api@^1.3.0":
  version "1.9.0"

"@opentelemetry/api@^1.3.0-rc":
  version "1.3.1"

left-pad@1.3.0, left-pad@^1.0.0:
  version "1.3.0"
`);
    expect(locked(asked)).toBe("1.9.0");
    expect(locked({ ...asked, range: "^1.0.0" })).toBe("1.9.0");
    expect(locked({ ...asked, range: "^1" })).toBeUndefined();
    expect(locked({ ...asked, name: "left-pad", range: "^1.0.0" })).toBe("1.3.0");
    expect(locked({ ...asked, name: "pad", range: "1.3.0" })).toBeUndefined();
  });

  it("reads the later form", () => {
    const locked = readYarnLock(
      `__metadata:\n  version: 8\n\n"@opentelemetry/api@npm:^1.0.0, @opentelemetry/api@npm:^1.3.0":\n  version: 1.9.0\n  resolution: "@opentelemetry/api@npm:1.9.0"\n`,
    );
    expect(locked(asked)).toBe("1.9.0");
    expect(locked({ ...asked, range: "^1.0.0" })).toBe("1.9.0");
    expect(locked({ ...asked, range: "^1.4.0" })).toBeUndefined();
  });
});

describe("bun.lock", () => {
  it("prefers what a package has for itself", () => {
    const locked = readBunLock(`{
  "packages": {
    "@opentelemetry/api": ["@opentelemetry/api@1.9.0", "", {}, "sha512-none"],

    "orders/@opentelemetry/api": ["@opentelemetry/api@1.4.1", "", {}, "sha512-none"],
  }
}`);
    expect(locked(asked)).toBe("1.4.1");
    expect(locked({ ...asked, by: "web" })).toBe("1.9.0");
    expect(locked({ ...asked, by: undefined, name: "other" })).toBeUndefined();
  });
});
