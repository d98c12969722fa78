import { describe, expect, it } from "vitest";
import { launchesOf, preloadsOfNodeOptions, type Launch } from "../src/program/index/entries/commands.js";
import {
  environmentOf,
  execForm,
  finalInstructions,
  stagesOf,
} from "../src/program/index/entries/dockerfile.js";

function short(launch: Launch): string {
  const what =
    launch.kind === "framework" ? launch.tool : launch.kind === "script" ? launch.script : launch.file;
  const workspace =
    launch.kind === "script" && launch.workspace !== undefined ? ` in ${launch.workspace}` : "";
  const cwd = launch.cwd.length > 0 ? ` at ${launch.cwd.join(" ")}` : "";
  return `${launch.kind} ${what}${workspace}${cwd}${launch.preloads.map((preload) => ` <${preload}`).join("")}`;
}

describe("command lines", () => {
  it.each([
    ["node server.js", ["file server.js"]],
    ["node --enable-source-maps --max-old-space-size=4096 dist/main", ["file dist/main"]],
    ["node -r ./a -r b server.js", ["file server.js <./a <b"]],
    ["node --require=./a --import b/register server.js --require no", ["file server.js <./a <b/register"]],
    ["node -e 'process.exit(1)'", []],
    ["node --test test/a.js", []],
    ["NODE_OPTIONS='--require ./otel.js' node server.js", ["file server.js <./otel.js"]],
    ['NODE_ENV=production NODE_OPTIONS="--import=./a.mjs -r b" node x', ["file x <./a.mjs <b"]],
    ["cross-env NODE_ENV=production NODE_OPTIONS=--import=./a.mjs tsx src/x.ts", ["file src/x.ts <./a.mjs"]],
    ["tsx watch --tsconfig ./t.json src/x.ts", ["file src/x.ts"]],
    ["tsx --env-file=.env --import ./otel.ts ./x.ts", ["file ./x.ts <./otel.ts"]],
    [
      "ts-node -P tsconfig.build.json -r tsconfig-paths/register src/x.ts",
      ["file src/x.ts <tsconfig-paths/register"],
    ],
    ["ts-node-dev --respawn --transpile-only --ignore-watch dist src/x.ts", ["file src/x.ts"]],
    ["nodemon server.js", ["file server.js"]],
    ["nodemon -w src -e ts --exec 'ts-node -r ./a' src/x.ts", ["file src/x.ts <./a"]],
    ['nodemon --watch src --exec "node -r ./a dist/x.js"', ["file dist/x.js <./a"]],
    ["nodemon --inspect node x.js", ["file x.js"]],
    ["pm2 start ecosystem.config.js --env production", ["file ecosystem.config.js"]],
    ["pm2-runtime start dist/x.js --name api --node-args='-r ./a'", ["file dist/x.js <./a"]],
    ["pm2 start npm --name api -- start", ["script start"]],
    ["bun run src/x.ts", ["file src/x.ts"]],
    ["bun --preload ./a.ts src/x.ts", ["file src/x.ts <./a.ts"]],
    ["bun run dev", ["script dev"]],
    ["deno run -A --unstable src/x.ts", ["file src/x.ts"]],
    ["deno task start", ["script start"]],
    ["electron .", ["file ."]],
    ["npm start", ["script start"]],
    ["npm install && npm run build && npm run start:prod", ["script build", "script start:prod"]],
    ["npm run start -w packages/api", ["script start in packages/api"]],
    ["npm --prefix api run start", ["script start at api"]],
    ["pnpm --filter @acme/api start", ["script start in @acme/api"]],
    ["pnpm --filter=api run start", ["script start in api"]],
    ["yarn workspace @acme/api start", ["script start in @acme/api"]],
    ["yarn start", ["script start"]],
    ["yarn tsx x.ts", ["file x.ts"]],
    ["pnpm exec tsx x.ts", ["file x.ts"]],
    ["npx -y tsx ./x.ts", ["file ./x.ts"]],
    ["yarn install", []],
    ["cd api && node x.js", ["file x.js at api"]],
    ["tsc -w & node x.js; echo done", ["file x.js"]],
    [
      "concurrently -n a,b 'npm:dev:*' \"node x.js\" 'cd api && node y.js'",
      ["script dev:*", "file x.js", "file y.js at api"],
    ],
    ["run-p dev:server dev:client", ["script dev:server", "script dev:client"]],
    ["dotenv -e .env -- node x.js", ["file x.js"]],
    ["doppler run -- node -r ./a x.js", ["file x.js <./a"]],
    ["tini -s -- node x.js", ["file x.js"]],
    ["dumb-init node x.js", ["file x.js"]],
    ["exec node x.js", ["file x.js"]],
    ["wait-on tcp:5432 && node x.js", ["file x.js"]],
    ["sh -c 'export NODE_OPTIONS=\"-r ./a\"; exec node x.js'", ["file x.js <./a"]],
    ["sh ./start.sh prod", ["shell ./start.sh"]],
    ["./scripts/start.sh", ["shell ./scripts/start.sh"]],
    ["NODE_OPTIONS='--import ./a.mjs' next start -p 80", ["framework next <./a.mjs"]],
    ["next build", []],
    ["nest start --watch", ["framework nest"]],
    ["remix-serve ./build/index.js", ["framework remix-serve"]],
    ["./bin/run.js --help", ["file ./bin/run.js"]],
    ["c8 node x.js", ["file x.js"]],
    ["some-unknown-wrapper --flag node x.js", ["file x.js"]],
    ["docker run node node x.js", []],
    ["eslint . && prettier --check .", []],
    ["node $SCRIPT", ["file $SCRIPT"]],
    ["node", []],
    ["", []],
    ["node 'unclosed", ["file unclosed"]],
    ["node x.js \\\n  --port 80", ["file x.js"]],
    ["# node y.js\nnode x.js", ["file x.js"]],
  ])("%s", (line, expected) => expect(launchesOf(line).map(short)).toEqual(expected));

  it("end, however deep they are nested", () => {
    const nested = Array.from({ length: 50 }).reduce<string>(
      (inner) => `sh -c ${JSON.stringify(inner)}`.slice(0, 100_000),
      "node x.js",
    );
    expect(launchesOf(nested)).toEqual([]);
  });

  it("give the preloads of NODE_OPTIONS", () => {
    expect(preloadsOfNodeOptions("--max-old-space-size=1 -r ./a --import=b --loader c --require d")).toEqual([
      "./a",
      "b",
      "d",
    ]);
  });
});

describe("Dockerfiles", () => {
  it("have stages, continuation lines and comments", () => {
    const stages = stagesOf(
      "# syntax=docker/dockerfile:1\nARG V=20\nFROM --platform=$P node:$V AS Base\nWORKDIR /app\nRUN a && \\\n  # why\n  b\n\nFROM base\nCMD node x.js\n",
    );
    expect(stages.map(({ base, name }) => [base, name])).toEqual([
      ["node:$v", "base"],
      ["base", undefined],
    ]);
    expect(finalInstructions(stages)).toEqual([
      { name: "WORKDIR", value: "/app", line: 4 },
      { name: "RUN", value: "a && b", line: 5 },
      { name: "CMD", value: "node x.js", line: 10 },
    ]);
  });

  it("have heredocs, whose lines are no instructions", () => {
    const stages = stagesOf("FROM node\nRUN <<EOF\nCMD wrong\nEOF\nCMD right");
    expect(stages[0]?.instructions.map(({ value }) => value)).toEqual(["<<EOF", "right"]);
  });

  it("survive anything", () => {
    expect(stagesOf("CMD x\n\\\n\0\u2028FROM")).toEqual([]);
    expect(stagesOf("FROM a\nFROM \\")[0]?.instructions).toEqual([]);
    expect(finalInstructions(stagesOf("FROM a AS a\nCMD x"))).toEqual([{ name: "CMD", value: "x", line: 2 }]);
  });

  it("have commands in two forms and variables in two forms", () => {
    expect(execForm('["node", "x.js"]')).toEqual(["node", "x.js"]);
    expect(execForm("node x.js")).toBeUndefined();
    expect(execForm('["node", 1]')).toBeUndefined();
    expect(execForm("['node']")).toBeUndefined();
    expect([...environmentOf('A=1 NODE_OPTIONS="-r ./a --import b" C=x\\ y')]).toEqual([
      ["A", "1"],
      ["NODE_OPTIONS", "-r ./a --import b"],
      ["C", "x y"],
    ]);
    expect([...environmentOf("NODE_OPTIONS -r ./a")]).toEqual([["NODE_OPTIONS", "-r ./a"]]);
  });
});
