import { describe, expect, it } from "vitest";
import { main, SENTRY, TRACED, WORK, SENTRY_8 } from "./support/crash-runner-repairs.js";

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
