import { describe, expect, it } from "vitest";
import { scanText } from "../src/program/index/scan.js";
import { project } from "./support/program-index-tree.js";

/** Far above what any of these takes, far below what a quadratic pattern would. */
const limit = 3000;

/** Time of the processor in milliseconds: what else the machine does must not count. */
function timed(work: () => void): number {
  const start = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1000;
}

const mega = 1_000_000;
const fill = (text: string): string => text.repeat(Math.floor(mega / text.length));

describe("texts made to take long", () => {
  it.each([
    "import(/*",
    "import (//",
    "require( /* * ",
    "import /*",
    "import ",
    "import\n",
    "export {\n",
    ';from "x"',
    'import\n;from "x"\n',
    'import {/* from "x" ',
    'import { from "x" ',
    '// from "x"\n',
    'import {}from "x"',
    "from '",
    'from "',
    "from `",
    "from                    ",
    "exit        ",
    "process     ",
    "{ , { , ",
    "/*",
    "/* \n",
    "*/ /*",
    "new Worker(",
    "new new.new ",
    "spawn(process.execPath, '",
    "fork(`",
    "generated ",
    "\u2028import ",
  ])("of %j are scanned in time", (text) => {
    const repeated = fill(text);
    expect(timed(() => scanText(repeated, false, () => false))).toBeLessThan(limit);
    expect(timed(() => scanText(`${repeated}\nfrom "x"`, true, () => false))).toBeLessThan(limit);
  });
});

describe("manifests made to take long or to break", () => {
  const deep = (open: string, depth: number): string => open.repeat(depth);

  it.each([
    ["package.json", deep("[", 200_000)],
    ["package.json", deep('{"exports":', 50_000)],
    [
      "package.json",
      JSON.stringify({ exports: JSON.parse(`${deep("[", 500)}"./a.js"${deep("]", 500)}`) as unknown }),
    ],
    [
      "package.json",
      JSON.stringify({
        scripts: Object.fromEntries(Array.from({ length: 20_000 }, (_, at) => [`s${at}`, "node a.js"])),
      }),
    ],
    [
      "package.json",
      JSON.stringify({
        scripts: {
          a: fill('sh -c "').slice(0, 400_000),
          b: fill("npx ").slice(0, 400_000),
          c: fill("node -r a && ").slice(0, 400_000),
        },
      }),
    ],
    ["tsconfig.json", `// x\n${deep("{", 100_000)}`],
    ["tsconfig.json", JSON.stringify({ extends: Array<string>(5000).fill("./tsconfig.json") })],
    [
      "tsconfig.json",
      '{"compilerOptions":{"paths":{"*":["*","*/*"],"a":"b","":[""],"x*y*z":["*"]},"baseUrl":7}}',
    ],
    ["serverless.yml", deep("[", 100_000)],
    ["serverless.yml", deep("a: {", 20_000)],
    [
      "serverless.yml",
      `a: &a [x,x]\n${Array.from({ length: 30 }, (_, at) => `b${at}: &b${at} [*a,*a,*a]`).join("\n")}`,
    ],
    ["docker-compose.yml", `services: node\n${fill("x: &x [*x]\n").slice(0, 200_000)}`],
    ["Dockerfile", `FROM node\n${fill("RUN node <<X\n").slice(0, 60_000)}`],
    ["Dockerfile", `FROM a AS a\n${fill("FROM a AS a\n").slice(0, 60_000)}`],
    ["Dockerfile", fill("\\\n")],
    ["ecosystem.config.js", fill("{script:'a',").slice(0, 60_000)],
    ["deno.json", '{"imports":{"":"./","a/":"../../../"},"exports":{"":1}}'],
    [".gitignore", `${"*a".repeat(100)}b\n${"**/a".repeat(200)}\n[\n(?:a+)+$\n`],
  ])("%s, case %#", (name, content) => {
    const index = project({
      [name]: content,
      "a.js": "import 'a'; import '#a'; import 'a/b'",
      [`${"a".repeat(200)}.ts`]: "",
    });
    expect(
      timed(() => {
        index.entries();
        index.refresh();
      }),
    ).toBeLessThan(limit);
    expect(index.sources).toContain("a.js");
    for (const { kind, file } of index.problems) expect([kind, file]).toEqual(["config", name]);
  });
});
