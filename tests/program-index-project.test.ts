import {
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { openProject } from "../src/program/index/project.js";
import { Graph } from "../src/program/index/graph.js";
import { emptyScan } from "../src/program/index/scan.js";
import type { Entry, FileScan, ProjectIndex } from "../src/program/index/types.js";
import { project, told, tree, write } from "./support/program-index-tree.js";

const telemetrySpecifiers = ["@opentelemetry/*"];

function entryOf(index: ProjectIndex, file: string) {
  const found = index.entries().find((entry) => entry.file === file);
  if (found === undefined) throw new Error(`no entry ${file}`);
  return found;
}

/** Makes a file look as if it had been written a while ago: the cache does not trust what is fresh. */
function age(root: string, file: string, seconds: number): void {
  // Whole seconds survive every file system.
  const time = Math.floor(Date.now() / 1000) - seconds;
  utimesSync(path.join(root, file), time, time);
}

describe("candidates", () => {
  it("are told without anything else", () => {
    const index = project(
      {
        "a.ts": "import '@opentelemetry/api'",
        "b.ts": "process.exit()",
        "c.ts": "",
        "d.test.ts": "Deno.exit()",
      },
      { telemetrySpecifiers },
    );
    expect(index.candidates()).toEqual({ telemetry: ["a.ts"], exits: ["b.ts", "d.test.ts"] });
  });
});

describe("preloaded packages", () => {
  it("are told without reading a source", () => {
    const root = tree({
      "package.json": {
        dependencies: { next: "15" },
        scripts: {
          start: "node -r newrelic a.js",
          web: "NODE_OPTIONS='--import dd-trace/register' next start",
        },
      },
      "a.js": Buffer.alloc(100),
    });
    const index = openProject(root, { cacheDir: false });
    expect(index.preloadPackages()).toEqual(["dd-trace/register", "newrelic"]);
    expect(index.problems).toEqual([]);
  });
});

describe("the graph", () => {
  const files = {
    "package.json": { scripts: { start: "node -r ./otel.js main.js", job: "node job.js" } },
    "main.js": "import './a.js'; import('./lazy.js'); import './b.js'; export * from './c.js'",
    "job.js": "require('./b'); require('./c')",
    "a.js": "import './shared.js'; import './main.js'",
    "b.js": "import './shared.js'",
    "c.js": "",
    "shared.js": "",
    "lazy.js": "import './b.js'",
    "types.ts": "import type { X } from './c.js'",
    "otel.js": "import './otel-env.js'",
    "otel-env.js": "",
    "a.test.js": "import './a.js'",
  };

  it("has edges in source order and their reverse, types and self-imports left out", () => {
    const index = project(files);
    expect(index.imports("main.js")).toEqual([
      { file: "a.js", kind: "static", specifier: "./a.js" },
      { file: "lazy.js", kind: "dynamic", specifier: "./lazy.js" },
      { file: "b.js", kind: "static", specifier: "./b.js" },
      { file: "c.js", kind: "reexport", specifier: "./c.js" },
    ]);
    expect(index.imports("types.ts")).toEqual([{ file: "c.js", kind: "type", specifier: "./c.js" }]);
    expect(index.importers("c.js")).toEqual(["job.js", "main.js"]);
    expect(index.importers("a.js")).toEqual(["a.test.js", "main.js"]);
    expect(index.importers("nothing.js")).toEqual([]);
  });

  it("tells the entries that reach a file, through preloads too", () => {
    const index = project(files);
    const of = (file: string): string[] => index.entriesOf(file).map((entry) => entry.file);
    expect(of("shared.js")).toEqual(["job.js", "main.js"]);
    expect(of("lazy.js")).toEqual(["main.js"]);
    expect(of("otel-env.js")).toEqual(["main.js"]);
    expect(of("types.ts")).toEqual(["types.ts"]);
    expect(of("a.test.js")).toEqual([]);
    expect(index.entriesOf("shared.js")).toBe(index.entriesOf("shared.js"));
  });

  it("tells the order of evaluation: preloads, then depth first, dynamic imports left out", () => {
    const index = project(files);
    expect(index.evaluationOrder(entryOf(index, "main.js"))).toEqual([
      "otel-env.js",
      "otel.js",
      "shared.js",
      "a.js",
      "b.js",
      "c.js",
      "main.js",
    ]);
    expect(index.evaluationOrder(entryOf(index, "job.js"))).toEqual(["shared.js", "b.js", "c.js", "job.js"]);
  });

  it("bears a chain of ten thousand imports", () => {
    const files = Array.from({ length: 10_000 }, (_, at) => `f${at}.js`);
    const known = new Set(files);
    const scan = (file: string): FileScan => ({
      ...emptyScan,
      imports: [{ kind: "static", specifier: `./f${Number(file.slice(1, -3)) + 1}.js` }],
    });
    const resolve = (_: string, specifier: string): string | undefined =>
      known.has(specifier.slice(2)) ? specifier.slice(2) : undefined;
    const graph = new Graph(() => files, scan, { resolve });
    const entry: Entry = {
      file: "f0.js",
      reason: "root",
      preloads: [],
      preloadPackages: [],
      where: { file: "f0.js" },
    };
    expect(graph.evaluationOrder(entry)).toEqual([...files].reverse());
    expect(graph.ancestors("f9999.js").size).toBe(10_000);
  });
});

describe("an editor's text", () => {
  it("stands for the file until it is taken back", () => {
    const index = project({ "a.ts": "import './b'", "b.ts": "", "c.ts": "" }, { telemetrySpecifiers });
    expect(told(index.entries(), true)).toEqual(["root a.ts", "root c.ts"]);
    index.overlay("a.ts", "\ufeffimport './c'; import '@opentelemetry/api'; process.exit()");
    expect(index.read("a.ts")).toBe("import './c'; import '@opentelemetry/api'; process.exit()");
    expect(index.candidates()).toEqual({ telemetry: ["a.ts"], exits: ["a.ts"] });
    expect(told(index.entries(), true)).toEqual(["root a.ts", "root b.ts"]);
    expect(index.importers("c.ts")).toEqual(["a.ts"]);
    index.overlay("a.ts", undefined);
    expect(index.read("a.ts")).toBe("import './b'");
    expect(index.entriesOf("b.ts").map(({ file }) => file)).toEqual(["a.ts"]);
  });

  it("keeps what was computed when the imports stay the same", () => {
    const index = project({ "a.ts": "import './b'", "b.ts": "" });
    const before = index.entries();
    index.overlay("a.ts", "import './b'; console.log(1)");
    expect(index.entries()).toBe(before);
  });

  it("may be of a file that is not on disk yet, or of a manifest", () => {
    const index = project({ "a.ts": "import './b'", "package.json": {} });
    expect(index.imports("a.ts")).toEqual([]);
    index.overlay("b.ts", "");
    expect(index.has("b.ts")).toBe(true);
    expect(index.sources).toEqual(["a.ts", "b.ts"]);
    expect(index.imports("a.ts").map(({ file }) => file)).toEqual(["b.ts"]);
    index.overlay("package.json", '{ "bin": "./a.ts" }');
    expect(told(index.entries())).toEqual(["bin a.ts"]);
    index.overlay("b.ts", undefined);
    expect(index.sources).toEqual(["a.ts"]);
  });
});

describe("refresh", () => {
  it("takes in changed, new and removed files and manifests", () => {
    const root = tree({ "a.ts": "import './b'", "b.ts": "", "package.json": { main: "b.ts" } });
    const index = openProject(root, { cacheDir: false });
    expect(told(index.entries(), true)).toEqual(["root a.ts", "main b.ts"]);
    write(root, { "a.ts": "import './new'; process.exit()", "new.ts": "" });
    rmSync(path.join(root, "b.ts"));
    index.refresh();
    expect(index.sources).toEqual(["a.ts", "new.ts"]);
    expect(index.candidates().exits).toEqual(["a.ts"]);
    expect(told(index.entries(), true)).toEqual(["root a.ts"]);
    write(root, { "package.json": { main: "./new.ts", name: "now" } });
    index.refresh();
    expect(told(index.entries())).toEqual(["main new.ts"]);
    expect(index.packageOf("a.ts")).toEqual({ dir: "", json: { main: "./new.ts", name: "now" } });
  });

  it("can leave a look that is recent enough", () => {
    const root = tree({ "a.ts": "" });
    const index = openProject(root, { cacheDir: false });
    write(root, { "b.ts": "" });
    index.refresh(60_000);
    expect(index.sources).toEqual(["a.ts"]);
    index.refresh();
    expect(index.sources).toEqual(["a.ts", "b.ts"]);
  });

  it("keeps what nothing changed", () => {
    const index = project({ "a.ts": "import './b'", "b.ts": "", "package.json": {} });
    const before = index.entries();
    index.refresh();
    expect(index.entries()).toBe(before);
  });
});

describe("the cache of scans", () => {
  const files = {
    "a.ts": "import './b'; import '@opentelemetry/api'; fork('./b.ts')",
    "b.ts": "process.exit()",
    "c.ts": "import './b'",
  };

  function setUp(): { root: string; cacheDir: string; open: () => ProjectIndex } {
    const root = tree(files);
    for (const file of Object.keys(files)) age(root, file, 100);
    const cacheDir = path.join(tree({}), "cache");
    return { root, cacheDir, open: () => openProject(root, { cacheDir, telemetrySpecifiers }) };
  }

  function cacheFile(cacheDir: string): string {
    const names = readdirSync(cacheDir);
    expect(names).toHaveLength(1);
    return path.join(cacheDir, names.join());
  }

  it("gives the same scans without reading the files, and reads those that changed", () => {
    const { root, cacheDir, open } = setUp();
    const first = open();
    const scans = first.sources.map((file) => first.scan(file));
    first.save();
    expect(readFileSync(cacheFile(cacheDir), "utf8")).not.toContain(root);
    // Same size, same time: only a cache would not see it.
    const { size, mtimeMs } = statSync(path.join(root, "b.ts"));
    writeFileSync(path.join(root, "b.ts"), " ".repeat(size));
    utimesSync(path.join(root, "b.ts"), mtimeMs / 1000, mtimeMs / 1000);
    const second = open();
    expect(second.sources.map((file) => second.scan(file))).toEqual(scans);
    expect(second.candidates()).toEqual({ telemetry: ["a.ts"], exits: ["b.ts"] });
    age(root, "b.ts", 50);
    expect(open().candidates().exits).toEqual([]);
  });

  it("does not hold files that were written a moment ago", () => {
    const { root, cacheDir, open } = setUp();
    write(root, { "b.ts": "process.exit()" });
    const index = open();
    index.candidates();
    index.save();
    const stored = JSON.parse(readFileSync(cacheFile(cacheDir), "utf8")) as { files: object };
    expect(Object.keys(stored.files)).toEqual(["a.ts", "c.ts"]);
  });

  it("knows telemetry by the names of the run, not of the run before", () => {
    const { root, cacheDir, open } = setUp();
    const first = open();
    first.candidates();
    first.save();
    expect(openProject(root, { cacheDir, telemetrySpecifiers: ["./b"] }).candidates().telemetry).toEqual([
      "a.ts",
      "c.ts",
    ]);
  });

  it.each([
    ["nothing", ""],
    ["half a file", '{"version":1,"specif'],
    ["another version", '{"version":0,"specifiers":[],"files":{"b.ts":[1,1,0,[],[]]}}'],
    [
      "rows of the wrong shape",
      '{"version":1,"specifiers":["x"],"files":{"b.ts":[1,2],"a.ts":[1,1,0,[0,7],[]],"c.ts":7}}',
    ],
    ["no object", "null"],
    ["specifiers of the wrong type", '{"version":1,"specifiers":[1],"files":{}}'],
  ])("that holds %s is ignored and written anew", (_, content) => {
    const { cacheDir, open } = setUp();
    const first = open();
    first.candidates();
    first.save();
    const good = readFileSync(cacheFile(cacheDir), "utf8");
    writeFileSync(cacheFile(cacheDir), content);
    const second = open();
    expect(second.candidates()).toEqual({ telemetry: ["a.ts"], exits: ["b.ts"] });
    second.save();
    expect(JSON.parse(readFileSync(cacheFile(cacheDir), "utf8"))).toEqual(JSON.parse(good));
  });

  it("that cannot be written is no error", () => {
    const root = tree({ ...files, blocked: "a file" });
    const index = openProject(root, { cacheDir: path.join(root, "blocked", "cache"), telemetrySpecifiers });
    expect(index.candidates().exits).toEqual(["b.ts"]);
    expect(() => index.save()).not.toThrow();
    expect(index.problems).toEqual([]);
  });

  it("lies below node_modules when that is a folder, and never behind a link", () => {
    const root = tree(files);
    for (const file of Object.keys(files)) age(root, file, 100);
    mkdirSync(path.join(root, "node_modules"));
    const index = openProject(root);
    index.candidates();
    index.save();
    expect(readdirSync(path.join(root, "node_modules/.cache/telemetry-fix"))).toHaveLength(1);

    const elsewhere = tree({});
    const linked = tree(files);
    symlinkSync(elsewhere, path.join(linked, "node_modules"));
    const other = openProject(linked);
    other.candidates();
    other.save();
    expect(readdirSync(elsewhere)).toEqual([]);

    const inner = tree(files);
    mkdirSync(path.join(inner, "node_modules"));
    symlinkSync(elsewhere, path.join(inner, "node_modules/.cache"));
    const third = openProject(inner);
    third.candidates();
    third.save();
    expect(readdirSync(elsewhere)).toEqual([]);
  });
});
