import { describe, expect, it } from "vitest";
import { project, told, type Files } from "./support/program-index-tree.js";

const entries = (files: Files, roots = false): string[] => told(project(files).entries(), roots);

describe("entries of package.json", () => {
  it("are bin, main and exports, by their sources", () => {
    const files = {
      "package.json": {
        name: "p",
        bin: { p: "./dist/cli.js" },
        main: "./dist/index.js",
        exports: {
          ".": "./dist/index.js",
          "./extra": { import: "./dist/extra.js" },
          "./x/*": "./dist/x/*.js",
        },
      },
      "src/cli.ts": "",
      "src/index.ts": "import './inner'",
      "src/extra.ts": "",
      "src/inner.ts": "",
    };
    expect(entries(files)).toEqual(["bin src/cli.ts", "exports src/extra.ts", "main src/index.ts"]);
    expect(project(files).entries()[0]?.where).toEqual({ file: "package.json", line: 3 });
  });

  it("are the files of scripts, one per set of preloads", () => {
    const files = {
      "package.json": {
        name: "p",
        main: "dist/server.js",
        scripts: {
          start: "node -r ./dist/tracing.js -r dotenv/config dist/server.js",
          dev: "tsx watch src/server.ts",
          debug: "npm run dev",
          seed: "tsx scripts/seed.ts",
          test: "node tests/run.js",
          build: "node missing.js",
        },
      },
      "src/server.ts": "",
      "src/tracing.ts": "",
      "scripts/seed.ts": "",
      "tests/run.js": "",
    };
    expect(entries(files, true)).toEqual([
      "script scripts/seed.ts",
      "script src/server.ts <src/tracing.ts <<dotenv/config",
      "script src/server.ts",
    ]);
    expect(project(files).entries()[1]?.where).toEqual({ file: "package.json", line: 5 });
  });

  it("carry preloads through scripts that run scripts, and through workspace packages", () => {
    const files = {
      "package.json": {
        name: "root",
        scripts: {
          start: "cross-env NODE_OPTIONS='--import @acme/otel/register' npm run serve",
          serve: "node app.js",
        },
      },
      "app.js": "",
      "otel/package.json": { name: "@acme/otel", exports: { "./register": "./dist/register.js" } },
      "otel/src/register.ts": "",
    };
    expect(entries(files)).toContain("script app.js <otel/src/register.ts");
  });

  it("name the preload itself when the file is not there", () => {
    const files = {
      "package.json": { scripts: { start: "node --import ./otel.mjs made/elsewhere.js" } },
      "otel.mjs": "",
    };
    expect(entries(files)).toEqual(["preload otel.mjs"]);
  });

  it("follow shell scripts", () => {
    const files = {
      "package.json": { scripts: { start: "bash scripts/start.sh" } },
      "scripts/start.sh":
        "#!/bin/sh\nset -e\nexport NODE_OPTIONS='--require ./otel.js'\nexec node server.js\n",
      "otel.js": "",
      "server.js": "",
    };
    expect(entries(files)).toEqual(["script server.js <otel.js"]);
  });

  it("are what a program without an extension imports", () => {
    const files = {
      "package.json": { bin: { p: "./bin/p" }, scripts: { start: "node ./bin/www" } },
      "bin/p": "#!/usr/bin/env node\nrequire('../lib/env');\nrequire('../lib/cli').run();\n",
      "bin/www": "var app = require('../app');\n",
      "bin/tool": "#!/bin/bash\nrequire('../lib/no')",
      "app.js": "",
      "lib/env.js": "",
      "lib/cli.js": "",
      "lib/no.js": "",
    };
    expect(entries(files)).toEqual(["script app.js", "bin lib/cli.js <lib/env.js"]);
  });

  it("are the commands of oclif, after its program and its first hooks", () => {
    const files = {
      "package.json": {
        bin: "./bin/run.js",
        oclif: {
          commands: "./dist/commands",
          hooks: { init: "./dist/hooks/init", finally: ["./dist/hooks/end"] },
        },
      },
      "bin/run.js": "",
      "src/commands/login.ts": "",
      "src/commands/apps/list.ts": "",
      "src/hooks/init.ts": "",
      "src/hooks/end.ts": "",
    };
    expect(entries(files)).toEqual([
      "bin bin/run.js",
      "framework src/commands/apps/list.ts <bin/run.js <src/hooks/init.ts",
      "framework src/commands/login.ts <bin/run.js <src/hooks/init.ts",
      "framework src/hooks/end.ts <bin/run.js <src/hooks/init.ts",
    ]);
  });

  it("survive fields of the wrong shape", () => {
    const files = {
      "package.json": {
        name: 1,
        bin: [1],
        main: {},
        exports: 3,
        scripts: { a: 1, b: null },
        imports: "x",
        oclif: { commands: 1, hooks: [1] },
        workspaces: 1,
      },
      "index.js": "",
    };
    expect(entries(files, true)).toEqual(["root index.js"]);
  });
});

describe("entries of containers", () => {
  const app = {
    "package.json": { scripts: { "start:prod": "node dist/main" } },
    "src/main.ts": "",
    "src/otel.ts": "",
  };

  it.each([
    ['CMD ["node", "dist/main.js"]', "dockerfile src/main.ts"],
    ['CMD ["node", "-r", "./dist/otel.js", "dist/main.js"]', "dockerfile src/main.ts <src/otel.ts"],
    ["CMD node --require /app/dist/otel.js /app/dist/main.js", "dockerfile src/main.ts <src/otel.ts"],
    [
      'ENV NODE_OPTIONS="--require ./dist/otel.js"\nCMD ["npm", "run", "start:prod"]',
      "dockerfile src/main.ts <src/otel.ts",
    ],
    [
      'ENTRYPOINT ["node", "-r", "dd-trace/init"]\nCMD ["dist/main.js"]',
      "dockerfile src/main.ts <<dd-trace/init",
    ],
    ['ENTRYPOINT ["/usr/bin/tini", "--"]\nCMD ["node", "dist/main.js"]', "dockerfile src/main.ts"],
    ['ENTRYPOINT ["docker-entrypoint.sh"]\nCMD node dist/main.js', "dockerfile src/main.ts"],
    ["RUN node dist/main.js --migrate", "dockerfile src/main.ts"],
  ])("%s", (instructions, expected) => {
    expect(entries({ ...app, Dockerfile: `FROM node:20\nWORKDIR /app\n${instructions}\n` })).toContain(
      expected,
    );
  });

  it("come from the last stage, with what it is built on, and say their line", () => {
    const files = {
      ...app,
      "dev.ts": "",
      Dockerfile:
        'FROM node AS base\nENV NODE_OPTIONS=--require=./dist/otel.js\nCMD ["tsx", "dev.ts"]\nFROM base AS prod\nCMD ["node", "dist/main.js"]\n',
    };
    const found = project(files)
      .entries()
      .filter(({ reason }) => reason === "dockerfile");
    expect(told(found)).toEqual(["dockerfile src/main.ts <src/otel.ts"]);
    expect(found[0]?.where).toEqual({ file: "Dockerfile", line: 5 });
  });

  it("know the package that the working directory stands for", () => {
    const files = {
      "package.json": { name: "root" },
      "packages/api/package.json": { name: "api", scripts: { start: "node -r ./tracing.js server.js" } },
      "packages/api/server.js": "",
      "packages/api/tracing.js": "",
      "docker/api.Dockerfile": "FROM node\nWORKDIR /srv/repo\nWORKDIR packages/api\nCMD yarn start\n",
      "docker/web.dockerfile": "FROM node\nCMD pnpm --filter api start\n",
    };
    expect(entries(files)).toEqual(["dockerfile packages/api/server.js <packages/api/tracing.js"]);
  });

  it("come from compose files and Procfiles", () => {
    const files = {
      ...app,
      "src/worker.ts": "",
      "src/clock.ts": "",
      "docker-compose.yml":
        "services:\n  api:\n    build: .\n    environment:\n      - NODE_OPTIONS=--require ./dist/otel.js\n  worker:\n    build: .\n    command: [node, dist/worker.js]\n",
      Dockerfile: 'FROM node\nCMD ["node", "dist/main.js"]\n',
      Procfile: "# processes\nclock: node dist/clock.js\n",
    };
    const found = project(files).entries();
    expect(told(found)).toEqual([
      "procfile src/clock.ts",
      "dockerfile src/main.ts",
      "dockerfile src/main.ts <src/otel.ts",
      "dockerfile src/worker.ts",
    ]);
    expect(found.find(({ file }) => file === "src/clock.ts")?.where).toEqual({ file: "Procfile", line: 2 });
    expect(found.find(({ file }) => file === "src/worker.ts")?.where).toEqual({
      file: "docker-compose.yml",
      line: 8,
    });
  });
});

describe("entries of services", () => {
  it("come from pm2 by its text", () => {
    const files = {
      "package.json": {},
      "dist.js": "",
      "src/api.ts": "",
      "src/job.ts": "",
      "src/otel.ts": "",
      "ecosystem.config.cjs": `module.exports = { apps: [
        { name: "api", script: "./dist/api.js", node_args: "-r ./dist/otel.js", env: { PORT: 1 } },
        { name: "job", script: 'node', args: 'dist/job.js', env: { NODE_OPTIONS: "--import dd-trace/register.js" } },
      ] };`,
    };
    expect(entries(files)).toEqual(["pm2 src/api.ts <src/otel.ts", "pm2 src/job.ts <<dd-trace/register.js"]);
  });

  it("come from serverless.yml, its tags and variables passed over", () => {
    const files = {
      "serverless.yml":
        "service: x\nprovider:\n  name: aws\n  environment:\n    NODE_OPTIONS: --require ./otel\n    TABLE: !Ref Table\nfunctions:\n  a:\n    handler: src/a.handler\n    role: ${self:custom.role}\n  b: { handler: src/nested/b.main }\n",
      "src/a.ts": "",
      "src/nested/b.js": "",
      "otel.js": "",
    };
    expect(entries(files)).toEqual(["serverless src/a.ts <otel.js", "serverless src/nested/b.js <otel.js"]);
  });

  it("report YAML that is broken, and go on", () => {
    const index = project({ "serverless.yml": "functions:\n  a: [\n b: }", "src/a.ts": "" });
    expect(told(index.entries(), true)).toEqual(["root src/a.ts"]);
    expect(index.problems.map(({ kind, file }) => `${kind} ${file}`)).toEqual(["config serverless.yml"]);
  });

  it("come from Workers, Vercel and Netlify", () => {
    const files = {
      "worker/wrangler.toml": 'name = "x"\nmain = "src/index.ts"\n',
      "worker/src/index.ts": "",
      "site/wrangler.jsonc": '{ // x\n "main": "./dist/worker.js" }',
      "site/src/worker.ts": "",
      "v/vercel.json": "{}",
      "v/api/hello.ts": "",
      "v/api/_shared.ts": "",
      "n/netlify.toml": '[functions]\n  directory = "fns"\n',
      "n/fns/mail.ts": "",
    };
    expect(entries(files)).toEqual([
      "serverless n/fns/mail.ts",
      "serverless site/src/worker.ts",
      "serverless v/api/hello.ts",
      "serverless worker/src/index.ts",
    ]);
  });
});

describe("entries of frameworks", () => {
  it("Next.js loads its instrumentation before pages and routes", () => {
    const files = {
      "web/package.json": {
        dependencies: { next: "15" },
        scripts: { start: "NODE_OPTIONS='-r ./early.js' next start" },
      },
      "web/early.js": "",
      "web/instrumentation.ts": "",
      "web/middleware.ts": "",
      "web/app/page.tsx": "import './button'",
      "web/app/button.tsx": "",
      "web/app/api/x/route.ts": "",
      "web/pages/old.tsx": "",
      "other/app/page.tsx": "",
    };
    expect(entries(files)).toEqual([
      "framework web/app/api/x/route.ts <web/early.js <web/instrumentation.ts",
      "framework web/app/page.tsx <web/early.js <web/instrumentation.ts",
      "framework web/instrumentation.ts <web/early.js",
      "framework web/middleware.ts",
      "framework web/pages/old.tsx <web/early.js <web/instrumentation.ts",
    ]);
  });

  it("Nest, SvelteKit and Remix have theirs", () => {
    const files = {
      "nest/package.json": { dependencies: { "@nestjs/core": "11" } },
      "nest/src/main.ts": "",
      "kit/package.json": { devDependencies: { "@sveltejs/kit": "2" } },
      "kit/src/hooks.server.ts": "",
      "kit/src/routes/api/+server.ts": "",
      "remix/package.json": { dependencies: { "@remix-run/node": "2" } },
      "remix/app/entry.server.tsx": "",
      "remix/app/routes/a.tsx": "",
    };
    expect(entries(files)).toEqual([
      "framework kit/src/hooks.server.ts",
      "framework kit/src/routes/api/+server.ts <kit/src/hooks.server.ts",
      "framework nest/src/main.ts",
      "framework remix/app/entry.server.tsx",
      "framework remix/app/routes/a.tsx <remix/app/entry.server.tsx",
    ]);
  });
});

describe("entries that nothing names", () => {
  it("are workers and roots; tests make no roots and hide none", () => {
    const files = {
      "a.ts":
        "import './b'; import type { T } from './types-only'; new Worker(new URL('./w.ts', import.meta.url))",
      "b.ts": "",
      "types-only.ts": "",
      "w.ts": "",
      "tested.ts": "",
      "tested.test.ts": "import './tested'",
    };
    expect(entries(files, true)).toEqual([
      "root a.ts",
      "root tested.ts",
      "root types-only.ts",
      "worker w.ts",
    ]);
  });

  it("are the first of files that only import each other", () => {
    const files = { "x.ts": "import './y'", "y.ts": "import './z'", "z.ts": "import './x'", "main.ts": "" };
    expect(entries(files, true)).toEqual(["root main.ts", "root x.ts"]);
  });

  it("find a worker by the package's folder and by its source", () => {
    const files = { "package.json": {}, "src/deep/a.ts": "fork('./dist/jobs/w.js')", "src/jobs/w.ts": "" };
    expect(entries(files)).toEqual(["worker src/jobs/w.ts"]);
  });
});
