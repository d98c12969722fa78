import { symlinkSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { openProject } from "../src/program/index/project.js";
import { project, tree, type Files } from "./support/program-index-tree.js";

/** Resolves one specifier in a project of empty files and the given manifests. */
function resolve(
  from: string,
  specifier: string,
  sources: string[],
  manifests: Files = {},
): string | undefined {
  const files = Object.fromEntries([from, ...sources].map((file) => [file, ""]));
  return project({ ...files, ...manifests }).resolve(from, specifier);
}

describe("relative specifiers", () => {
  it.each([
    ["./b", ["src/b.ts"], "src/b.ts"],
    ["./b", ["src/b.tsx", "src/b/index.ts"], "src/b.tsx"],
    ["./b", ["src/b/index.mjs"], "src/b/index.mjs"],
    ["./b/", ["src/b.ts", "src/b/index.ts"], "src/b/index.ts"],
    ["./b.js", ["src/b.js", "src/b.ts"], "src/b.js"],
    ["./b.js", ["src/b.ts"], "src/b.ts"],
    ["./b.js", ["src/b.tsx"], "src/b.tsx"],
    ["./b.mjs", ["src/b.mts"], "src/b.mts"],
    ["./b.cjs", ["src/b.cts"], "src/b.cts"],
    ["./b.jsx", ["src/b.tsx"], "src/b.tsx"],
    ["./b.ts", ["src/b.ts"], "src/b.ts"],
    ["./b.server", ["src/b.server.ts"], "src/b.server.ts"],
    ["./b.js?worker", ["src/b.ts"], "src/b.ts"],
    [".", ["src/index.ts"], "src/index.ts"],
    ["..", ["index.ts"], "index.ts"],
    ["../lib/./x/../b", ["lib/b.ts"], "lib/b.ts"],
    ["./b.css", ["src/b.ts"], undefined],
    ["./b", ["src/b.d.ts"], undefined],
    ["../../outside", ["outside.ts"], undefined],
    ["../../../../../../etc/passwd", [], undefined],
  ])("%s among %j is %s", (specifier, sources, expected) => {
    expect(resolve("src/a.ts", specifier, sources)).toBe(expected);
  });

  it("follow the package.json of the folder they name", () => {
    const manifests = { "src/p/package.json": { main: "lib/start.js" } };
    expect(resolve("src/a.ts", "./p", ["src/p/lib/start.js", "src/p/index.js"], manifests)).toBe(
      "src/p/lib/start.js",
    );
  });

  it("reach the source of what is not built", () => {
    const manifests = { "package.json": { name: "cli" } };
    expect(resolve("bin/run.js", "../dist/cli.js", ["src/cli.ts"], manifests)).toBe("src/cli.ts");
    expect(resolve("bin/run.js", "../lib", ["src/index.ts"], manifests)).toBe("src/index.ts");
  });
});

describe("tsconfig aliases", () => {
  it("work with comments, trailing commas, stars and several targets", () => {
    const manifests = {
      "tsconfig.json": `{
        // where things are
        "compilerOptions": { "baseUrl": ".", "paths": { "@/*": ["missing/*", "./src/*"], "~env": ["src/env.ts"], "*.mock": ["mocks/*"], }, },
      }`,
    };
    const index = project({
      "src/a.ts": "",
      "src/lib/otel.ts": "",
      "src/env.ts": "",
      "mocks/db.ts": "",
      "tools/t.ts": "",
      ...manifests,
    });
    expect(index.resolve("src/a.ts", "@/lib/otel.ts")).toBe("src/lib/otel.ts");
    expect(index.resolve("src/a.ts", "@/lib/otel.js")).toBe("src/lib/otel.ts");
    expect(index.resolve("src/a.ts", "~env")).toBe("src/env.ts");
    expect(index.resolve("src/a.ts", "db.mock")).toBe("mocks/db.ts");
    expect(index.resolve("src/a.ts", "tools/t")).toBe("tools/t.ts");
    expect(index.resolve("src/a.ts", "express")).toBeUndefined();
    expect(index.problems).toEqual([]);
  });

  it("come through extends, with paths relative to the config that has them", () => {
    const index = project({
      "apps/web/src/a.ts": "",
      "apps/web/src/x.ts": "",
      "shared/y.ts": "",
      "apps/web/tsconfig.json": { extends: ["../../config/base", "./tsconfig.more.json"] },
      "apps/web/tsconfig.more.json": { extends: "../../config/loop.json" },
      "config/base.json": { compilerOptions: { paths: { "#shared/*": ["../shared/*"] } } },
      "config/loop.json": { extends: "./loop.json", compilerOptions: { baseUrl: "${configDir}/src" } },
    });
    expect(index.resolve("apps/web/src/a.ts", "#shared/y")).toBe("shared/y.ts");
    expect(index.resolve("apps/web/src/a.ts", "x")).toBe("apps/web/src/x.ts");
  });

  it("come from a package of the workspace and from references in the same folder", () => {
    const index = project({
      "tooling/ts/package.json": { name: "@acme/ts" },
      "tooling/ts/base.json": { compilerOptions: { paths: { "$lib/*": ["../../packages/lib/*"] } } },
      "packages/lib/x.ts": "",
      "apps/a/tsconfig.json": { extends: "@acme/ts/base.json" },
      "apps/a/a.ts": "",
      "apps/b/tsconfig.json": { files: [], references: [{ path: "./tsconfig.app.json" }, { path: "../a" }] },
      "apps/b/tsconfig.app.json": { compilerOptions: { paths: { "@b/*": ["./src/*"] } } },
      "apps/b/src/b.ts": "",
    });
    expect(index.resolve("apps/a/a.ts", "$lib/x")).toBe("packages/lib/x.ts");
    expect(index.resolve("apps/b/src/b.ts", "@b/b")).toBe("apps/b/src/b.ts");
  });

  it("do not come from outside the root or through a link", () => {
    const outside = tree({ "base.json": { compilerOptions: { paths: { "@x": ["./inside.ts"] } } } });
    const root = tree({
      "a.ts": "",
      "config/inside.ts": "",
      "tsconfig.json": { extends: "./config/base.json" },
      "b/tsconfig.json": { extends: path.join("..", "..", path.basename(outside), "base.json") },
      "b/b.ts": "",
    });
    symlinkSync(path.join(outside, "base.json"), path.join(root, "config/base.json"));
    const index = openProject(root, { cacheDir: false });
    expect(index.resolve("a.ts", "@x")).toBeUndefined();
    expect(index.resolve("b/b.ts", "@x")).toBeUndefined();
  });

  it("half-written are a problem, and the rest goes on", () => {
    const index = project({
      "a.ts": "",
      "src/b.ts": "",
      "tsconfig.json": '{ "compilerOptions": { "paths": { "@/*": ["src/*"] }',
      "package.json": '{ "name": "x",\n "main": ',
    });
    expect(index.resolve("a.ts", "@/b")).toBe("src/b.ts");
    expect(index.packageOf("a.ts")?.json?.name).toBe("x");
    expect(index.problems.map(({ kind, file }) => `${kind} ${file}`).sort()).toEqual([
      "config package.json",
      "config tsconfig.json",
    ]);
    expect(index.problems.find(({ file }) => file === "package.json")?.message).toContain("line 2");
  });
});

describe("packages of the project", () => {
  const workspace: Files = {
    "package.json": { name: "root", workspaces: ["packages/*"] },
    "apps/web/a.ts": "",
    "packages/core/package.json": {
      name: "@acme/core",
      main: "dist/index.js",
      exports: {
        ".": { types: "./dist/index.d.ts", import: "./dist/index.js" },
        "./otel": {
          browser: "./dist/otel.browser.js",
          node: { import: "./dist/otel.mjs" },
          default: "./dist/otel.js",
        },
        "./features/*": "./dist/features/*.js",
        "./package.json": "./package.json",
      },
    },
    "packages/core/src/index.ts": "",
    "packages/core/src/otel.ts": "",
    "packages/core/src/otel.browser.ts": "",
    "packages/core/src/features/flags.ts": "",
    "packages/core/src/deep/thing.ts": "",
    "packages/plain/package.json": { name: "plain", main: "./lib/main.js" },
    "packages/plain/lib/main.js": "",
    "packages/plain/other.js": "",
    "packages/built/package.json": { name: "built", main: "./output/cjs/index.js" },
    "packages/built/tsconfig.json": { compilerOptions: { outDir: "./out-tsc", rootDir: "./code" } },
    "packages/built/code/main.ts": "",
    "packages/mapped/package.json": { name: "mapped", main: "./out-tsc/main.js" },
    "packages/mapped/tsconfig.json": { compilerOptions: { outDir: "./out-tsc", rootDir: "./code" } },
    "packages/mapped/code/main.ts": "",
    "packages/bare/package.json": { name: "bare" },
    "packages/bare/index.ts": "",
    "test/fixtures/express/package.json": { name: "express" },
    "test/fixtures/express/index.js": "",
  };

  it.each([
    ["@acme/core", "packages/core/src/index.ts"],
    ["@acme/core/otel", "packages/core/src/otel.ts"],
    ["@acme/core/features/flags", "packages/core/src/features/flags.ts"],
    ["@acme/core/dist/deep/thing.js", "packages/core/src/deep/thing.ts"],
    ["@acme/core/src/deep/thing", "packages/core/src/deep/thing.ts"],
    ["@acme/core/missing", undefined],
    ["plain", "packages/plain/lib/main.js"],
    ["plain/other", "packages/plain/other.js"],
    ["mapped", "packages/mapped/code/main.ts"],
    ["bare", "packages/bare/index.ts"],
    ["@acme/cor", undefined],
    ["express", undefined],
    ["node:fs", undefined],
    ["https://deno.land/x/a.ts", undefined],
  ])("%s is %s", (specifier, expected) => {
    expect(project(workspace).resolve("apps/web/a.ts", specifier)).toBe(expected);
  });

  it("among fixtures of tests are only for tests", () => {
    const index = project({ ...workspace, "test/a.test.ts": "" });
    expect(index.resolve("test/a.test.ts", "express")).toBe("test/fixtures/express/index.js");
    expect(index.resolve("apps/web/a.ts", "express")).toBeUndefined();
  });

  it("of one name: the nearest to the importer", () => {
    const index = project({
      "one/lib/package.json": { name: "lib" },
      "one/lib/index.ts": "",
      "one/a.ts": "",
      "two/package.json": {},
      "two/lib/package.json": { name: "lib" },
      "two/lib/index.ts": "",
      "two/a.ts": "",
    });
    expect(index.resolve("two/a.ts", "lib")).toBe("two/lib/index.ts");
  });

  it("may name themselves and their inner modules", () => {
    const index = project({
      "p/package.json": {
        name: "p",
        exports: "./src/index.ts",
        imports: { "#db": { default: "./dist/db.js" }, "#lib/*.js": "./src/lib/*.ts", "#core": "q" },
      },
      "p/src/index.ts": "",
      "p/src/db.ts": "",
      "p/src/lib/x.ts": "",
      "q/package.json": { name: "q" },
      "q/index.ts": "",
    });
    expect(index.resolve("p/src/db.ts", "p")).toBe("p/src/index.ts");
    expect(index.resolve("p/src/index.ts", "#db")).toBe("p/src/db.ts");
    expect(index.resolve("p/src/index.ts", "#lib/x.js")).toBe("p/src/lib/x.ts");
    expect(index.resolve("p/src/index.ts", "#core")).toBe("q/index.ts");
    expect(index.resolve("q/index.ts", "#db")).toBeUndefined();
  });
});

describe("the folder that output mirrors", () => {
  const files = {
    "src/index.ts": "",
    "index.ts": "",
    "a.ts": "",
    "package.json": { name: "p", main: "dist/index.js" },
  };

  it.each([
    [undefined, "src/index.ts"],
    [{ outDir: "dist" }, "src/index.ts"],
    [{ outDir: "dist", rootDir: "." }, "index.ts"],
    [{ outDir: "dist", rootDir: "src" }, "src/index.ts"],
  ])("with options %j is that of %s", (compilerOptions, expected) => {
    expect(project({ ...files, "tsconfig.json": { compilerOptions } }).resolve("a.ts", "p")).toBe(expected);
  });

  it.each([
    [["src"], "src/index.ts"],
    [["src/**/*.ts", "types.d.ts"], "src/index.ts"],
    [["index.ts", "src/**/*.ts"], "index.ts"],
  ])("with inputs %j is that of %s", (include, expected) => {
    const tsconfig = { compilerOptions: { outDir: "dist" }, include };
    expect(project({ ...files, "tsconfig.json": tsconfig }).resolve("a.ts", "p")).toBe(expected);
  });
});

describe("Deno", () => {
  it("maps imports, and its packages have names", () => {
    const index = project({
      "deno.jsonc":
        '{ // all\n "workspace": ["./a", "./b"], "imports": { "@std/": "jsr:/@std/", "lib/": "./shared/", "b2": "jsr:@acme/b@^1" } }',
      "a/deno.json": { name: "@acme/a", exports: { ".": "./mod.ts", "./sub": "./lib/sub.ts" } },
      "a/mod.ts": "",
      "a/lib/sub.ts": "",
      "b/deno.json": { name: "@acme/b", exports: "./main.ts", importMap: "../maps/b.json" },
      "b/main.ts": "",
      "maps/b.json": { imports: { env: "../shared/env.ts" } },
      "shared/env.ts": "",
    });
    expect(index.resolve("b/main.ts", "@acme/a")).toBe("a/mod.ts");
    expect(index.resolve("b/main.ts", "@acme/a/sub")).toBe("a/lib/sub.ts");
    expect(index.resolve("a/mod.ts", "lib/env.ts")).toBe("shared/env.ts");
    expect(index.resolve("a/mod.ts", "b2")).toBe("b/main.ts");
    expect(index.resolve("b/main.ts", "env")).toBe("shared/env.ts");
    expect(index.resolve("a/mod.ts", "@std/path")).toBeUndefined();
  });
});

describe("aliases that nothing explains", () => {
  it.each([
    ["@/lib/otel.ts", "packages/server/lib/otel.ts"],
    ["~/x", "packages/server/src/x.ts"],
    ["#/y", "y.ts"],
    ["@/missing", undefined],
    ["$/x", undefined],
    ["lib/otel.ts", undefined],
  ])("%s is %s, by the file that exists", (specifier, expected) => {
    const sources = ["packages/server/lib/otel.ts", "packages/server/src/x.ts", "y.ts"];
    expect(resolve("packages/server/routes/a.ts", specifier, sources)).toBe(expected);
  });
});
