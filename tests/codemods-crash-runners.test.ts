import { describe, expect, it } from "vitest";
import { repairRequireCrashCapture } from "../codemods/require-crash-capture.js";
import { requireCrashCapture } from "../rules/require-crash-capture.js";
import { applyEdits } from "../src/cli/apply/edits.js";
import { faultsOf } from "../src/cli/apply/syntax.js";
import type { FixLevel } from "../src/finding.js";
import type { CrashLoss } from "../src/program/details.js";
import { Project, telemetrySpecifiers } from "../src/program/project.js";
import { project as indexOf, type Files } from "./support/program-index-tree.js";

interface Repaired {
  shape: CrashLoss["shape"] | undefined;
  level: FixLevel;
  files: Record<string, string>;
}

/** Repairs the first report of a small program, and sees to it that nothing is left to say at its place. */
function repaired(files: Files): Repaired {
  const index = indexOf(files, { telemetrySpecifiers });
  const project = new Project(index);
  const reports = requireCrashCapture.check(project, { strict: false });
  const [report] = reports;
  if (!report) throw new Error("nothing is reported");
  const shape = report.details?.kind === "crash-loss" ? report.details.shape : undefined;
  const repair = repairRequireCrashCapture(report, project);
  if (!repair) return { shape, level: null, files: {} };
  const changed: Record<string, string> = {};
  for (const file of new Set(repair.edits.map((edit) => edit.file))) {
    const edits = repair.edits.filter((edit) => edit.file === file);
    const text = applyEdits(index.read(file) ?? "", edits);
    expect(faultsOf(file, text)).toEqual([]);
    index.overlay(file, text);
    changed[file] = text;
  }
  const left = requireCrashCapture.check(new Project(index), { strict: false });
  expect(left.length).toBeLessThan(reports.length);
  return { shape, level: repair.level, files: changed };
}

/** A program whose entry is `main.<ext>`, and what its repair makes of that file below a set-up. */
function main(
  head: string,
  text: string,
  { versions, more = {}, file = "main.js" }: Options = {},
): Repaired & { text: string } {
  const made = repaired({
    "package.json": {
      name: "app",
      type: "module",
      scripts: { start: `node ${file}` },
      ...(versions ? { dependencies: versions } : {}),
    },
    [file]: head + text,
    ...more,
  });
  const after = made.files[file] ?? "";
  return { ...made, text: after.startsWith(head) ? after.slice(head.length) : after };
}

interface Options {
  versions?: Record<string, string>;
  more?: Files;
  file?: string;
}

const SENTRY = `import * as Sentry from "@sentry/node";

Sentry.init({ dsn: process.env.DSN });

`;
const TRACED = `import { SpanStatusCode, trace } from "@opentelemetry/api";
import { NodeSDK } from "@opentelemetry/sdk-node";

export const sdk = new NodeSDK();
sdk.start();
process.once("beforeExit", () => void sdk.shutdown().catch(console.error));
const tracer = trace.getTracer("jobs");

`;
const WORK = `async function run(data) {
  const response = await fetch("https://example.test");
  console.log(await response.json(), data);
}
`;
const SENTRY_8 = { "@sentry/node": "^8.20.0" };

describe("a queue that nobody listens to", () => {
  const QUEUE = `import Bull from "bull";\n${SENTRY}${WORK}`;

  it("gets a listener behind its variable", () => {
    const made = main(QUEUE, `export const mail = new Bull("mail");\nmail.process((job) => run(job));\n`);
    expect(made).toMatchObject({
      shape: "unheard-runner",
      level: "review",
      text: `export const mail = new Bull("mail");
mail.on("failed", (job, error) => {
  Sentry.captureException(error);
});
mail.process((job) => run(job));
`,
    });
  });

  it("gets it behind the statement that gives it to a variable", () => {
    const made = main(
      QUEUE,
      `let mail;
if (process.env.REDIS_URL) {
  mail = new Bull("mail");
  mail.process((job) => run(job));
}
`,
    );
    expect(made.text).toContain(
      `  mail = new Bull("mail");
  mail.on("failed", (job, error) => {
    Sentry.captureException(error);
  });
`,
    );
  });

  it("gets a name where it has none", () => {
    const head = `import { Worker } from "bullmq";\n${SENTRY}${WORK}`;
    const made = main(head, `new Worker("mail", (job) => run(job));\n`);
    expect(made.text).toBe(`const worker = new Worker("mail", (job) => run(job));
worker.on("failed", (job, error) => {
  Sentry.captureException(error);
});
`);
  });

  it("gets it where it is made, when that is handed back", () => {
    const head = `import { Worker } from "bullmq";\n${SENTRY}${WORK}`;
    const made = main(
      head,
      `function start() {\n  return new Worker("mail", (job) => run(job));\n}\nstart();\n`,
    );
    expect(made.text).toContain(`  return new Worker("mail", (job) => run(job)).on("failed", (job, error) => {
    Sentry.captureException(error);
  });
`);
  });

  it("has a parameter that TypeScript does not take for unused", () => {
    const made = main(
      QUEUE.replace("(data)", "(data: unknown)"),
      `const mail = new Bull("mail");\nmail.process((job) => run(job));\n`,
      { file: "main.ts" },
    );
    expect(made.text).toContain('mail.on("failed", (_job, error) => {\n');
  });

  it("is told of in its jobs where it has no event for them, in all of them at once", () => {
    const head = `import PgBoss from "pg-boss";\n${SENTRY}${WORK}const boss = new PgBoss("postgres://db");\n`;
    const made = main(
      head,
      `boss.work("a", async ([job]) => {\n  await run(job);\n});\nboss.work("b", (jobs) => run(jobs));\n`,
    );
    expect(made).toMatchObject({ shape: "unheard-runner", level: "review" });
    expect(made.text).toBe(`boss.work("a", async ([job]) => {
  try {
    await run(job);
  } catch (error) {
    Sentry.captureException(error);
    throw error;
  }
});
boss.work("b", (jobs) => run(jobs).catch((error) => {
  Sentry.captureException(error);
  throw error;
}));
`);
  });
});

describe("a thread or a child that nobody listens to", () => {
  it("ends the process as before once what is buffered was sent", () => {
    const head = `import { Worker } from "node:worker_threads";\n${TRACED}`;
    const made = main(head, `const worker = new Worker("./job.js");\nworker.on("message", console.log);\n`, {
      more: { "job.js": "JSON.parse(process.argv[2]);\n" },
    });
    expect(made).toMatchObject({ shape: "unheard-runner", level: "review" });
    expect(made.text).toBe(`const worker = new Worker("./job.js");
worker.once("error", async (error) => {
  console.error(error);
  const span = tracer.startSpan("worker");
  span.recordException(error);
  span.setStatus({ code: SpanStatusCode.ERROR });
  span.end();
  await sdk.shutdown().catch(console.error);
  process.exit(1);
});
worker.on("message", console.log);
`);
  });

  it("is told of when it ends otherwise than asked", () => {
    const head = `import { fork } from "node:child_process";\n${SENTRY}`;
    const made = main(head, `fork("./job.js");\n`, {
      more: { "job.js": "JSON.parse(process.argv[2]);\n" },
    });
    expect(made.text).toBe(`const child = fork("./job.js");
child.once("exit", (code, signal) => {
  if (code !== 0 && signal !== "SIGTERM") {
    Sentry.captureException(new Error(\`child process exited with \${signal ?? code}\`));
  }
});
`);
  });
});

describe("a listener that only logs", () => {
  const head = `import { Worker } from "bullmq";\n${SENTRY}${WORK}`;

  it("tells as well", () => {
    const made = main(
      head,
      `const worker = new Worker("mail", (job) => run(job));
worker.on("failed", (job, reason) => console.error(reason));
`,
    );
    expect(made).toMatchObject({ shape: "runner-swallows", level: "safe" });
    expect(made.text).toContain(
      `worker.on("failed", (job, reason) => {
  Sentry.captureException(reason);
  console.error(reason);
});
`,
    );
  });

  it("takes the error where it did not", () => {
    const made = main(
      head,
      `const worker = new Worker("mail", (job) => run(job));
worker.on("failed", job => {
  console.error("failed", job.id);
});
`,
    );
    expect(made).toMatchObject({ shape: "runner-swallows", level: "review" });
    expect(made.text).toContain(
      `worker.on("failed", (job, error) => {
  Sentry.captureException(error);
  console.error("failed", job.id);
`,
    );
  });
});

describe("a hook that only logs and answers", () => {
  const FASTIFY = `import fastify from "fastify";\n${SENTRY}const app = fastify();\n`;
  const ROUTE = `app.get("/", async () => (await fetch("https://example.test")).json());\napp.listen({ port: 3000 });\n`;
  const versions = { ...SENTRY_8, fastify: "^4.0.0" };

  it("tells of what is no fault of the client", () => {
    const made = main(
      FASTIFY,
      `app.setErrorHandler((error, request, reply) => {
  request.log.error(error);
  reply.status(500).send();
});
${ROUTE}`,
      { versions },
    );
    expect(made).toMatchObject({ shape: "runner-swallows", level: "safe" });
    expect(made.text).toContain(`app.setErrorHandler((error, request, reply) => {
  if (!error.statusCode || error.statusCode >= 500) Sentry.captureException(error);
  request.log.error(error);
`);
  });

  it("asks the status that it works out itself", () => {
    const made = main(
      FASTIFY,
      `app.setErrorHandler((error, request, reply) => {
  const status = error.statusCode ?? 500;
  console.error(error);
  reply.status(status).send();
});
${ROUTE}`,
      { versions },
    );
    expect(made.text).toContain(
      "  if (status >= 500) Sentry.captureException(error);\n  console.error(error);\n",
    );
  });

  it("tells where it has left the client's faults behind", () => {
    const made = main(
      FASTIFY,
      `app.setErrorHandler((error, request, reply) => {
  if (error.statusCode < 500) return reply.status(error.statusCode).send();
  reply.status(500).send();
});
${ROUTE}`,
      { versions },
    );
    expect(made.text).toContain(".send();\n  Sentry.captureException(error);\n  reply.status(500).send();\n");
  });
});

describe("a callback whose promise is dropped", () => {
  it("catches its failure and records it", () => {
    const made = main(`${TRACED}${WORK}`, `setInterval(async () => {\n  await run(1);\n}, 1000);\n`);
    expect(made).toMatchObject({ shape: "async-callback", level: "review" });
    expect(made.text).toBe(`setInterval(async () => {
  try {
    await run(1);
  } catch (error) {
    console.error(error);
    const span = tracer.startSpan("setInterval");
    span.recordException(error);
    span.setStatus({ code: SpanStatusCode.ERROR });
    span.end();
  }
}, 1000);
`);
  });

  // nothing here asks for the API
  const versions = { "@opentelemetry/sdk-node": "^0.200.0" };
  const QUIET = TRACED.replace(/^.*api";\n/, "").replace(/const tracer.*\n/, "");

  it("is called from one that catches where it is known by its name", () => {
    const made = main(`${QUIET}${WORK}`, "setInterval(run, 1000);\n", { versions });
    expect(made.text).toBe(
      "setInterval((data) => run(data).catch((error) => console.error(error)), 1000);\n",
    );
  });

  it("keeps the lines of a text", () => {
    const made = main(
      `${QUIET}${WORK}`,
      "setInterval(async () => {\n  await run(`a\nb`);\n  await run(2);\n}, 1000);\n",
      { versions },
    );
    expect(made.text).toContain("    await run(`a\nb`);\n    await run(2);\n  } catch (error) {\n");
  });

  it("answers a request that failed", () => {
    const made = main(
      `import http from "node:http";\n${QUIET}${WORK}`,
      `http.createServer(async (req, res) => {\n  await run(req.url);\n  res.end();\n}).listen(80);\n`,
      { versions },
    );
    expect(made.text).toContain(`  } catch (error) {
    console.error(error);
    if (!res.headersSent) res.statusCode = 500;
    res.end();
  }
`);
  });

  it("hands the failure of a route to express, in all routes at once", () => {
    const made = main(
      `import express, { type Request, type Response } from "express";\n${QUIET}${WORK.replace("(data)", "(data?: unknown)")}const app = express();\n`,
      `app.get("/a", async (req: Request, res: Response) => {
  await run(req.url);
  res.end();
});
app.get("/b", async (_req, res) => { await run(); res.end(); });
app.listen(80);
`,
      { versions: { express: "^4.18.0" }, file: "main.ts" },
    );
    expect(made).toMatchObject({ shape: "async-callback", level: "review" });
    expect(made.text).toContain("import express, { NextFunction, type Request, type Response } from");
    expect(made.text).toContain(`async (req: Request, res: Response, next: NextFunction) => {
  try {
    await run(req.url);
    res.end();
  } catch (error) {
    next(error);
  }
});
app.get("/b", async (_req, res, next) => {
  try {
    await run(); res.end();
  } catch (error) {
    next(error);
  }
});
`);
  });

  it("is handed to express by its name", () => {
    const made = main(
      `import express from "express";\n${QUIET}async function list(req, res) {\n  res.json(await fetch("http://example.test"));\n}\nconst app = express();\n`,
      `app.get("/a", list);\napp.listen(80);\n`,
      { versions: { express: "^4.18.0" } },
    );
    expect(made.text).toContain('app.get("/a", (req, res, next) => list(req, res).catch(next));\n');
  });
});

describe("an app without a hook", () => {
  const EXPRESS = `import express from "express";\n${SENTRY}const app = express();\n`;
  const ROUTE = `app.get("/", async (req, res) => {\n  res.json(await fetch("https://example.test"));\n});\n`;
  const versions = { ...SENTRY_8, express: "^5.0.0" };

  it("gets that of the SDK behind its last route", () => {
    const made = main(EXPRESS, `${ROUTE}app.use((req, res) => res.sendStatus(404));\napp.listen(80);\n`, {
      versions,
    });
    expect(made).toMatchObject({ shape: "missing-hook", level: "review" });
    expect(made.text).toBe(
      `${ROUTE}app.use((req, res) => res.sendStatus(404));\nSentry.setupExpressErrorHandler(app);\napp.listen(80);\n`,
    );
  });

  it("gets it behind the function that adds the routes", () => {
    const made = main(
      `import { add } from "./routes.js";\n${EXPRESS}`,
      `add(app);\nconst server = app.listen(80);\nexport { server };\n`,
      {
        versions,
        file: "main.ts",
        more: {
          "routes.ts": `import type { Express } from "express";\nexport function add(app: Express) {\n${ROUTE}}\n`,
        },
      },
    );
    expect(made.text).toContain("add(app);\nSentry.setupExpressErrorHandler(app);\nconst server");
  });

  it("gets one of its own that answers as before", () => {
    const made = main(
      `import { serve } from "@hono/node-server";\nimport { Hono } from "hono";\n${SENTRY}`,
      `const app = new Hono();\napp.get("/", async (c) => c.json(await fetch("https://example.test")));\nserve(app);\n`,
      { versions: { ...SENTRY_8, hono: "^4.0.0" } },
    );
    expect(made.text).toContain(`const app = new Hono();

app.onError((error, c) => {
  if ("getResponse" in error) return error.getResponse();
  Sentry.captureException(error);
  console.error(error);
  return c.text("Internal Server Error", 500);
});

app.get(`);
  });
});

describe("a Nest application without a filter that tells", () => {
  const text = `async function start() {
  Sentry.init({ dsn: process.env.DSN });
  const app = await NestFactory.create(AppModule);
  await app.listen(80);
}
void start();
`;
  const more = {
    "module.ts": `import { Controller, Get, Module } from "@nestjs/common";
@Controller()
class Seats {
  @Get()
  async all() {
    return (await fetch("https://example.test")).json();
  }
}
@Module({ controllers: [Seats] })
export class AppModule {}
`,
  };
  const start = (sentry: string) =>
    main(
      `import { NestFactory } from "@nestjs/core";\nimport * as Sentry from "${sentry}";\nimport { AppModule } from "./module.js";\n\n`,
      text,
      { versions: { "@nestjs/core": "^10.0.0", [sentry]: "^8.50.0" }, more, file: "main.ts" },
    );

  it("gets the filter of the SDK's own package for Nest", () => {
    const made = start("@sentry/nestjs");
    expect(made).toMatchObject({ shape: "missing-hook", level: "review" });
    expect(made.text).toContain('import { SentryGlobalFilter } from "@sentry/nestjs/setup";\n');
    expect(made.text).toContain(
      "create(AppModule);\n  app.useGlobalFilters(new SentryGlobalFilter(app.getHttpAdapter()));\n",
    );
  });

  it("is left alone beside another package", () => {
    expect(start("@sentry/node")).toMatchObject({ shape: "missing-hook", level: null });
  });
});

describe("a hook at the wrong place", () => {
  const EXPRESS = `import express from "express";\n${SENTRY}const app = express();\n`;
  const ROUTE = `app.get("/", async (req, res) => {\n  res.json(await fetch("https://example.test"));\n});\n`;
  const versions = { ...SENTRY_8, express: "^5.0.0" };

  it("moves with its comment and its condition", () => {
    const made = main(
      EXPRESS,
      `// errors go to Sentry
if (process.env.DSN) {
  Sentry.setupExpressErrorHandler(app);
}

app.use(express.json());
${ROUTE}app.listen(80);
`,
      { versions },
    );
    expect(made).toMatchObject({ shape: "hook-order", level: "review" });
    expect(made.text).toBe(`
app.use(express.json());
${ROUTE}
// errors go to Sentry
if (process.env.DSN) {
  Sentry.setupExpressErrorHandler(app);
}
app.listen(80);
`);
  });

  it("stays where an error middleware in front of a route ends what came before", () => {
    const made = main(
      EXPRESS,
      `Sentry.setupExpressErrorHandler(app);
app.use((err, req, res, next) => {
  console.error(err);
  res.status(500).end();
});
${ROUTE}app.listen(80);
`,
      { versions },
    );
    expect(made).toMatchObject({ shape: "hook-order", level: null });
  });
});
