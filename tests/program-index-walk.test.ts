import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { openProject } from "../src/program/index/project.js";
import { project, tree } from "./support/program-index-tree.js";

describe("the list of sources", () => {
  it("has every source extension, sorted, and nothing else", () => {
    const index = project({
      "b.ts": "",
      "a/z.tsx": "",
      "a/y.mts": "",
      "a/x.cts": "",
      "a/w.js": "",
      "a/v.jsx": "",
      "a/u.mjs": "",
      "a/t.cjs": "",
      "a/types.d.ts": "",
      "a/types.d.mts": "",
      "a/lib.min.js": "",
      "a/readme.md": "",
      "a/data.json": "{}",
    });
    expect(index.sources).toEqual([
      "a/t.cjs",
      "a/u.mjs",
      "a/v.jsx",
      "a/w.js",
      "a/x.cts",
      "a/y.mts",
      "a/z.tsx",
      "b.ts",
    ]);
    expect(index.has("b.ts")).toBe(true);
    expect(index.has("a/types.d.ts")).toBe(false);
  });

  it("leaves out installed, vendored and hidden folders, but not .github", () => {
    const index = project({
      "src/a.ts": "",
      "node_modules/x/a.js": "",
      "packages/p/node_modules/x/a.js": "",
      "vendor/a.js": "",
      "bower_components/a.js": "",
      ".yarn/a.js": "",
      ".next/a.js": "",
      ".github/actions/a.js": "",
    });
    expect(index.sources).toEqual([".github/actions/a.js", "src/a.ts"]);
  });

  it("leaves out what .gitignore files leave out, nested ones and exceptions included", () => {
    const index = project({
      ".gitignore": "dist/\n*.gen.ts\n/only-top.ts\n",
      "dist/a.js": "",
      "src/a.gen.ts": "",
      "only-top.ts": "",
      "src/only-top.ts": "",
      "packages/p/dist/a.js": "",
      "packages/p/.gitignore": "!keep.gen.ts\nlocal/\n",
      "packages/p/keep.gen.ts": "",
      "packages/p/local/a.ts": "",
      "local/a.ts": "",
    });
    expect(index.sources).toEqual(["local/a.ts", "packages/p/keep.gen.ts", "src/only-top.ts"]);
  });

  it("keeps a dist folder that nobody ignores", () => {
    expect(project({ "dist/a.js": "" }).sources).toEqual(["dist/a.js"]);
  });

  it("survives a broken .gitignore and uses the rest of it", () => {
    const index = project({
      ".gitignore": Buffer.concat([
        Buffer.from("[z-a].ts\n\\\n(((\n!\n"),
        Buffer.from([0xff, 0xfe, 0x0a]),
        Buffer.from("out/\n"),
      ]),
      "a.ts": "",
      "out/b.ts": "",
    });
    expect(index.sources).toEqual(["a.ts"]);
  });

  it("uses the .gitignore files of the repository above the root", () => {
    const repository = tree({
      ".git/HEAD": "ref: refs/heads/main",
      ".gitignore": "dist\n/packages/p/made/\n",
      "packages/p/src/a.ts": "",
      "packages/p/dist/a.js": "",
      "packages/p/made/a.ts": "",
    });
    const index = openProject(path.join(repository, "packages/p"), { cacheDir: false });
    expect(index.sources).toEqual(["src/a.ts"]);
  });

  it("follows no symbolic link, neither in a loop nor out of the root", () => {
    const outside = tree({ "secret.ts": "" });
    const root = tree({ "src/a.ts": "" });
    symlinkSync(outside, path.join(root, "outside"));
    symlinkSync(path.join(outside, "secret.ts"), path.join(root, "src/secret.ts"));
    symlinkSync(root, path.join(root, "src/loop"));
    symlinkSync("nowhere", path.join(root, "src/broken.ts"));
    expect(openProject(root, { cacheDir: false }).sources).toEqual(["src/a.ts"]);
  });

  it("can be kept to some folders, with the manifests above them", () => {
    const index = project(
      {
        "package.json": { name: "all" },
        "tsconfig.json": { compilerOptions: { paths: { "@x": ["./apps/a/x.ts"] } } },
        "apps/a/index.ts": "import '@x'",
        "apps/a/x.ts": "",
        "apps/b/index.ts": "",
      },
      { only: ["apps/a/"] },
    );
    expect(index.sources).toEqual(["apps/a/index.ts", "apps/a/x.ts"]);
    expect(index.resolve("apps/a/index.ts", "@x")).toBe("apps/a/x.ts");
    expect(index.packageOf("apps/a/index.ts")?.json?.name).toBe("all");
  });

  it("reports a root that is not there, and has no sources", () => {
    const index = openProject(path.join(tree({}), "missing"), { cacheDir: false });
    expect(index.sources).toEqual([]);
    expect(index.problems).toEqual([{ kind: "unreadable", file: ".", message: "ENOENT" }]);
    expect(index.entries()).toEqual([]);
  });

  it.skipIf(process.platform === "win32" || process.getuid?.() === 0)(
    "reports a folder it may not read and goes on",
    () => {
      const root = tree({ "a.ts": "", "closed/b.ts": "" });
      chmodSync(path.join(root, "closed"), 0o000);
      const index = openProject(root, { cacheDir: false });
      chmodSync(path.join(root, "closed"), 0o755);
      expect(index.sources).toEqual(["a.ts"]);
      expect(index.problems).toEqual([{ kind: "unreadable", file: "closed", message: "EACCES" }]);
    },
  );

  it.skipIf(process.platform !== "linux")("survives names that are no UTF-8", () => {
    const root = tree({ "a.ts": "" });
    writeFileSync(
      Buffer.concat([Buffer.from(`${root}/b`), Buffer.from([0xff]), Buffer.from(".ts")]),
      "import './a'",
    );
    mkdirSync(Buffer.concat([Buffer.from(`${root}/d`), Buffer.from([0xfe])]));
    const index = openProject(root, { cacheDir: false });
    index.candidates();
    expect(index.sources).toContain("a.ts");
    expect(index.problems.map(({ kind }) => kind)).toEqual(["unreadable", "unreadable"]);
  });

  it("stops at a hundred folders", () => {
    const root = tree({ "a.ts": "" });
    mkdirSync(path.join(root, ...Array<string>(120).fill("d")), { recursive: true });
    const index = openProject(root, { cacheDir: false });
    expect(index.sources).toEqual(["a.ts"]);
    expect(index.problems.map(({ message }) => message)).toEqual(["more than 100 folders deep"]);
  });
});

describe("texts", () => {
  it("are read without byte order mark, in UTF-8 and UTF-16", () => {
    const text = 'import "./é";\n';
    const bytes = Buffer.from(text, "utf16le");
    const index = project({
      "é.ts": "",
      "plain.ts": text,
      "marked.ts": `\ufeff${text}`,
      "little.ts": Buffer.concat([Buffer.from([0xff, 0xfe]), bytes]),
      "big.ts": Buffer.concat([Buffer.from([0xfe, 0xff]), Buffer.from(bytes).swap16()]),
    });
    for (const file of ["plain.ts", "marked.ts", "little.ts", "big.ts"]) {
      expect(index.read(file), file).toBe(text);
      expect(index.imports(file), file).toEqual([{ file: "é.ts", kind: "static", specifier: "./é" }]);
    }
    expect(index.problems).toEqual([]);
  });

  it("keep going at invalid UTF-8", () => {
    const index = project({ "a.ts": Buffer.from([0x2f, 0x2f, 0xff, 0xfe, 0x80, 0x0a]) });
    expect(index.read("a.ts")).toBe("//\ufffd\ufffd\ufffd\n");
  });

  it("may have a NUL in a string; data is told once and has no text", () => {
    const index = project({
      "code.ts": `export const separator = "\0";\n${"// and a long line of prose to go with it\n".repeat(20)}`,
      "video.ts": Buffer.concat([Buffer.from([0x47, 0x40]), Buffer.alloc(200)]),
    });
    expect(index.read("code.ts")).toContain("separator");
    expect(index.read("video.ts")).toBeUndefined();
    expect(index.read("video.ts")).toBeUndefined();
    expect(index.scan("video.ts").imports).toEqual([]);
    expect(index.problems.map(({ kind, file }) => `${kind} ${file}`)).toEqual(["binary video.ts"]);
  });

  it("over 2 MB are told once and not read", () => {
    const index = project({ "huge.js": `process.exit();\n${" ".repeat(2 * 1024 * 1024)}` });
    index.candidates();
    expect(index.read("huge.js")).toBeUndefined();
    expect(index.scan("huge.js").exits).toBe(false);
    expect(index.problems.map(({ kind, file }) => `${kind} ${file}`)).toEqual(["too-large huge.js"]);
  });

  it("that are gone are told once", () => {
    const index = project({ "a.ts": "" });
    expect(index.read("missing.ts")).toBeUndefined();
    expect(index.read("../outside.ts")).toBeUndefined();
    expect(index.problems).toEqual([]);
  });
});

describe("tests", () => {
  const index = project({});
  it.each([
    "src/a.test.ts",
    "src/a.spec.tsx",
    "src/__tests__/a.ts",
    "test/a.js",
    "packages/p/tests/a.js",
    "e2e/a.ts",
    "src/__mocks__/a.ts",
    "cypress/support/a.ts",
    "vitest.config.ts",
    "jest.setup.js",
  ])("%s belongs to them", (file) => expect(index.isTest(file)).toBe(true));

  it.each([
    "src/latest/a.ts",
    "src/contest.ts",
    "src/testing.ts",
    "src/app.setup.ts",
    "src/attest/a.ts",
    "src/inspector.ts",
  ])("%s does not", (file) => expect(index.isTest(file)).toBe(false));
});
