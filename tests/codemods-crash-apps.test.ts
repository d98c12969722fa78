import { describe, expect, it } from "vitest";
import { main, SENTRY, TRACED, WORK, SENTRY_8 } from "./support/crash-runner-repairs.js";

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
