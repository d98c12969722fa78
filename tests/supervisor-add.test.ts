import { existsSync, realpathSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { outputPath } from "../src/supervisor/output-path.js";
import { startCommandIn, withSupervisor } from "../src/supervisor/start-command.js";
import { surroundingsOf } from "../src/supervisor/surroundings.js";
import { committed, git, names, project, read, run } from "./cli/support.js";

const typescript = {
  "package.json": `{
  "name": "app",
  "type": "module",
  "scripts": {
    "start": "NODE_ENV=production node --env-file=.env --import ./dist/otel.js dist/server.js --port 80",
    "start:dev": "tsx watch src/server.ts",
    "test": "node --test dist/server.js"
  }
}
`,
  "tsconfig.json": "{}",
  "src/server.ts": "import x from 'y'\n\nexport function a() {\n    return x\n}\n",
  Dockerfile: 'FROM node AS build\nCMD ["node", "old.js"]\nFROM node\nCMD ["node", "/srv/dist/server.js"]\n',
};

describe("telemetry-fix add supervisor", () => {
  it("shows a patch of everything and writes nothing", async () => {
    const root = committed(typescript);
    const { exitCode, stdout, stderr } = await run(root, ["add", "supervisor"]);
    expect(exitCode).toBe(1);
    expect(stderr).toBe("src/supervisor.ts pending: --write writes it, and nothing else\n");
    expect(git(root, "status", "--porcelain")).toBe("");
    const patch = path.join(root, ".git", "patch");
    writeFileSync(patch, stdout);
    git(root, "apply", patch);
    expect(names(root, "src")).toEqual(["server.ts", "supervisor.ts"]);
    expect(read(root, "src/supervisor.ts")).toMatch(/^import \{ spawn \} from 'node:child_process'$/m);
    expect(JSON.parse(read(root, "package.json"))).toMatchObject({
      scripts: {
        start:
          "NODE_ENV=production node --env-file=.env dist/supervisor.js --import ./dist/otel.js dist/server.js --port 80",
        "start:dev": "tsx watch src/server.ts",
        test: "node --test dist/server.js",
      },
    });
    expect(read(root, "Dockerfile")).toBe(
      typescript.Dockerfile.replace(
        '"/srv/dist/server.js"',
        '"/srv/dist/supervisor.js", "/srv/dist/server.js"',
      ),
    );
  });

  it.each([
    ["--write", ["--write"], undefined],
    ["a yes on the terminal", [], true],
  ])("writes its one file on %s", async (_, args, answer) => {
    const root = committed(typescript);
    const { exitCode, stdout } = await run(root, ["add", "supervisor", ...args], answer ? { answer } : {});
    expect(exitCode).toBe(0);
    expect(git(root, "status", "--porcelain", "-uall")).toBe("?? src/supervisor.ts\n");
    expect(stdout).toContain("+CMD [");
  });

  it.each([
    ["a no on the terminal", [], false],
    ["--dry-run, whatever else is said", ["--write", "--dry-run"], true],
  ])("writes nothing on %s", async (_, args, answer) => {
    const root = committed(typescript);
    expect((await run(root, ["add", "supervisor", ...args], { answer })).exitCode).toBe(1);
    expect(git(root, "status", "--porcelain")).toBe("");
  });

  it("says how to start where nothing shows it", async () => {
    const root = project({ "index.js": "" });
    const { exitCode, stdout, stderr } = await run(root, ["add", "supervisor", "--write"]);
    expect([exitCode, stdout]).toEqual([0, "wrote supervisor.js\n"]);
    expect(stderr).toMatch(/node supervisor\.js <program>/);
  });

  it("makes the folder that it is told", async () => {
    const root = project({ "package.json": "{}" });
    expect(
      (await run(root, ["add", "supervisor", "-w", "--dir", "ops/run", "--language", "ts"])).exitCode,
    ).toBe(0);
    expect(names(root, "ops/run")).toEqual(["supervisor.ts"]);
  });

  it.each([
    ["outside the root", { "a.js": "" }, "..", /outside/],
    ["a file", { "a.js": "" }, "a.js", /no folder/],
    ["an installed package", { "node_modules/a/index.js": "" }, "node_modules/a", /installed package/],
    ["git's", { ".git/config": "" }, ".git/hooks", /belongs to git/],
    ["taken", { "supervisor.js": "mine" }, ".", /supervisor\.js is there already/],
    ["taken by another language", { "supervisor.mts": "mine" }, ".", /supervisor\.mts is there already/],
  ])("refuses a place that is %s", async (_, files, dir, reason) => {
    const root = project(files);
    const { exitCode, stdout, stderr } = await run(root, ["add", "supervisor", "--write", "--dir", dir]);
    expect([exitCode, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(reason);
    if ("supervisor.js" in files) expect(read(root, "supervisor.js")).toBe("mine");
  });

  it("follows no link, neither out of the root nor inside it", async () => {
    const elsewhere = project({ "a.js": "" });
    const root = project({ "real/a.js": "" });
    symlinkSync(elsewhere, path.join(root, "out"));
    symlinkSync("real", path.join(root, "in"));
    symlinkSync(path.join(elsewhere, "nothing.js"), path.join(root, "real", "supervisor.js"));
    for (const dir of ["out", "out/deeper", "in", "in/deeper"]) {
      const { exitCode, stderr } = await run(root, ["add", "supervisor", "--write", "--dir", dir]);
      expect([dir, exitCode]).toEqual([dir, 2]);
      expect(stderr).toMatch(/link/);
    }
    const { stderr } = await run(root, ["add", "supervisor", "--write", "--dir", "real"]);
    expect(stderr).toMatch(/there already/);
    expect(names(elsewhere)).toEqual(["a.js"]);
    expect(existsSync(path.join(elsewhere, "nothing.js"))).toBe(false);
  });

  it("refuses what git ignores", async () => {
    const root = committed({ ".gitignore": "out\n", "a.js": "" });
    const { exitCode, stderr } = await run(root, ["add", "supervisor", "--write", "--dir", "out"]);
    expect([exitCode, stderr]).toEqual([2, "telemetry-fix: out/supervisor.js is ignored by git\n"]);
  });

  it("needs a name for what to add", async () => {
    expect((await run(project({}), ["add", "nothing"])).exitCode).toBe(2);
    expect((await run(project({}), ["add", "supervisor", "--language", "coffee"])).exitCode).toBe(2);
  });
});

describe("the form of the supervisor follows", () => {
  const commonjs = '{ "compilerOptions": { "module": "CommonJS", "verbatimModuleSyntax": true } }';
  it.each<[string, Record<string, string>, string, object]>([
    [
      "a package of ES modules",
      { "package.json": '{"type":"module"}', "src/a.js": "" },
      "supervisor.js",
      { imports: "import" },
    ],
    [
      "a package of CommonJS",
      { "package.json": "{}", "src/a.js": "a();" },
      "supervisor.js",
      { imports: "require" },
    ],
    ["files that are .mjs", { "src/a.mjs": "" }, "supervisor.mjs", { imports: "import" }],
    [
      "files that are .cjs",
      { "package.json": '{"type":"module"}', "src/a.cjs": "" },
      "supervisor.cjs",
      { imports: "require" },
    ],
    [
      "ES modules that something builds",
      { "src/a.js": 'import "b";' },
      "supervisor.mjs",
      { imports: "import" },
    ],
    [
      "TypeScript",
      { "src/a.ts": "", "src/b.ts": "", "src/c.js": "" },
      "supervisor.ts",
      { language: "ts", imports: "import" },
    ],
    ["TypeScript that is .mts", { "src/a.mts": "" }, "supervisor.mts", { language: "ts", imports: "import" }],
    [
      "JavaScript beside a tsconfig.json",
      { "tsconfig.json": "{}", "src/a.js": "" },
      "supervisor.js",
      { language: "js" },
    ],
    [
      "verbatim CommonJS",
      { "tsconfig.json": commonjs, "src/a.ts": "" },
      "supervisor.ts",
      { imports: "import-equals" },
    ],
    [
      "a tsconfig.json that extends another",
      { "tsconfig.json": '{ "extends": "./base", /* ours */ }', "base.json": commonjs, "src/a.ts": "" },
      "supervisor.ts",
      { imports: "import-equals" },
    ],
    [
      "the style of most files",
      {
        "src/a.js": "a('b');\r\nif (c) {\r\n\td();\r\n}\r\n",
        "src/b.js": "e('f');\r\nif (g) {\r\n\th();\r\n}\r\n",
        "src/c.js": 'i("j")\n',
      },
      "supervisor.js",
      { style: { quote: "'", semicolon: ";", indent: "\t" }, lineEnd: "\r\n" },
    ],
    [
      "nothing but the usual style where there is none",
      { "src/broken.js": "((" },
      "supervisor.js",
      { style: { quote: '"', semicolon: ";", indent: "  " }, lineEnd: "\n" },
    ],
  ])("%s", (_, files, name, expected) => {
    const root = realpathSync(project({ "src/supervised.txt": "", ...files }));
    const { file, form } = surroundingsOf(root, path.join(root, "src"));
    expect(file).toBe(`src/${name}`);
    expect(form).toMatchObject(expected);
  });
});

describe("a start command", () => {
  it.each([
    ["node server.js", "node S server.js"],
    ["node server", undefined],
    ["node . --port 1", "node S . --port 1"],
    [
      "/usr/bin/node -r dotenv/config --max-old-space-size=100 ./a.js",
      "/usr/bin/node S -r dotenv/config --max-old-space-size=100 ./a.js",
    ],
    [
      "A=1 node --env-file-if-exists=.env --import ./b.js a.js && echo",
      "A=1 node --env-file-if-exists=.env S --import ./b.js a.js && echo",
    ],
    ["tsx src/a.ts", "tsx S src/a.ts"],
    ['["node", "a.js", "--b"]', '["node", "S", "a.js", "--b"]'],
    [
      '[ "dumb-init","node","--import","./b.js","a.js" ]',
      '[ "dumb-init","node","S", "--import","./b.js","a.js" ]',
    ],
    ["node --test a.js", undefined],
    ["node --watch a.js", undefined],
    ["node -e 'a.b'", undefined],
    ["tsx watch src/a.ts", undefined],
    ["node dist/supervisor.js dist/a.js", undefined],
    ["next start", undefined],
    ["node", undefined],
  ])("%s", (text, expected) => {
    const start = startCommandIn(text);
    expect(start && withSupervisor(text, start, "S")).toBe(expected);
  });
});

describe("the supervisor is started", () => {
  it.each([
    ["where it is", ["src/supervisor.js", "src/a.js"], "src/a.js", "src/supervisor.js"],
    ["where the image has it", ["src/supervisor.js", "src/a.js"], "/app/src/a.js", "/app/src/supervisor.js"],
    [
      "where it is compiled to",
      ["src/supervisor.ts", "src/deep/a.ts"],
      "dist/deep/a.js",
      "dist/supervisor.js",
    ],
    [
      "where it is compiled to below a source folder",
      ["src/supervisor.ts", "src/a.ts"],
      "./out/src/a.js",
      "out/src/supervisor.js",
    ],
    ["as it is when TypeScript is run", ["src/supervisor.ts", "src/a.ts"], "src/a.ts", "src/supervisor.ts"],
    ["as what .mts becomes", ["src/supervisor.mts", "src/a.mts"], "dist/a.mjs", "dist/supervisor.mjs"],
    ["beside a program that nobody can place", ["src/supervisor.ts"], "build/a.js", "build/supervisor.js"],
  ])("%s", (_, files, programPath, expected) => {
    const root = realpathSync(project(Object.fromEntries(files.map((file) => [file, ""]))));
    expect(outputPath(root, path.join(root, files[0] ?? ""), programPath)).toBe(expected);
  });
});

it("is written as it was shown", async () => {
  const root = committed(typescript);
  const { stdout } = await run(root, ["add", "supervisor"]);
  await run(root, ["add", "supervisor", "--write"]);
  const shown = stdout.slice(stdout.indexOf("@@"), stdout.indexOf("--- a/package.json"));
  const added = shown.split("\n").flatMap((line) => (line.startsWith("+") ? [line.slice(1)] : []));
  expect(read(root, "src/supervisor.ts")).toBe(`${added.join("\n")}\n`);
});
