import { chmodSync, mkdirSync, readFileSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { Workspace } from "../src/workspace.js";
import type { OpenAnalyser } from "../src/cli/analyser.js";
import { committed, names, project, read, run } from "./cli/support.js";

const openAnalyser: OpenAnalyser = (options) => Workspace.open({ ...options, cacheDir: false });
const real = { openAnalyser };

const lossy = `import * as Sentry from "@sentry/node";
Sentry.init({ dsn: process.env.SENTRY_DSN });
main().catch((error) => {
  Sentry.captureException(error);
  process.exit(1);
});
async function main() {
  await fetch("https://example.org/");
}
`;
const app = { "package.json": '{ "name": "app", "type": "module", "main": "app.ts" }', "app.ts": lossy };

/** A report must name the bad file, and still hold what the good file beside it loses. */
async function checkBeside(root: string): Promise<{ exitCode: number; problems: string[] }> {
  const { exitCode, stdout, stderr } = await run(root, ["check", "--format", "json"], real);
  expect(stderr).toBe("");
  const { findings, problems } = JSON.parse(stdout) as {
    findings: { file: string; line: number; rule: string }[];
    problems: { kind: string; file: string; message: string }[];
  };
  expect(findings).toMatchObject([{ rule: "no-exit-before-flush", file: "app.ts", line: 5 }]);
  return { exitCode, problems: problems.map(({ kind, file, message }) => `${kind} ${file}: ${message}`) };
}

/** A bad file is only read when it could matter, so each imports an SDK and ends the process. */
const matters = 'import * as Sentry from "@sentry/node";\nSentry.init({});\nprocess.exit(1);\n';

describe("files that cannot be read as source", () => {
  it.each<[string, string | Buffer, RegExp]>([
    ["unparsable", `${matters}const = ;\n`, /^unparsable bad\.ts: .+ \(line 4, column \d+\)$/],
    ["with conflict markers", `<<<<<<< HEAD\n${matters}=======\n>>>>>>> other\n`, /^unparsable bad\.ts: .+/],
    ["cut off", `${matters}function half( {`, /^unparsable bad\.ts: .+/],
    ["binary", Buffer.concat([Buffer.from(matters), Buffer.alloc(4000)]), /^binary bad\.ts: .*no text$/],
    [
      "too large",
      `${matters}//${"x".repeat(3 * 1024 * 1024)}`,
      /^too-large bad\.ts: \d+ bytes, more than 2097152$/,
    ],
  ])("are named: %s", async (_, content, problem) => {
    const { exitCode, problems } = await checkBeside(project({ ...app, "bad.ts": content }));
    expect(problems).toEqual([expect.stringMatching(problem)]);
    expect(exitCode).toBe(1);
  });

  it("fail the run when they were asked for by name", async () => {
    const root = project({ ...app, "bad.ts": `${matters}const = ;\n` });
    const { exitCode, stdout, stderr } = await run(root, ["check", "bad.ts"], real);
    expect(exitCode).toBe(2);
    expect(stdout).toContain("bad.ts  unparsable");
    expect(stderr).toContain("could not be checked");
  });

  it("are not read to the end when they are huge", async () => {
    const root = project({ ...app, "bad.ts": "" });
    truncateSync(join(root, "bad.ts"), 8 * 1024 ** 3);
    const { problems } = await checkBeside(root);
    expect(problems).toEqual(["too-large bad.ts: 8589934592 bytes, more than 2097152"]);
  });
});

describe("encodings", () => {
  it.each([
    ["UTF-8 with a byte order mark", Buffer.from(`\ufeff${lossy}`)],
    ["UTF-16, little end first", Buffer.from(`\ufeff${lossy}`, "utf16le")],
    ["UTF-16, big end first", Buffer.from(`\ufeff${lossy}`, "utf16le").swap16()],
    ["Latin-1", Buffer.from(`${lossy}// für später\n`, "latin1")],
    ["Windows line ends", Buffer.from(lossy.replaceAll("\n", "\r\n"))],
    ["old Macintosh line ends", Buffer.from(lossy.replaceAll("\n", "\r"))],
  ])("are read: %s", async (_, bytes) => {
    const { problems } = await checkBeside(project({ ...app, "app.ts": bytes }));
    expect(problems).toEqual([]);
  });

  it("that could not be written back unharmed are left alone", async () => {
    const bytes = Buffer.from(`\ufeff${lossy}`, "utf16le");
    const root = committed({ ...app, "app.ts": bytes });
    const { exitCode, stderr } = await run(root, ["--write", "--unsafe"], real);
    expect(exitCode).toBe(1);
    expect(stderr).toContain("app.ts is not UTF-8 text");
    expect(readFileSync(join(root, "app.ts"))).toEqual(bytes);
  });
});

describe("manifests", () => {
  it.each([
    ["half-written", '{ "name": "app", "main": "app.ts", "scr', /^config package\.json: .+ at line 1$/],
    ["not an object", "[]", /^config package\.json: is no JSON object$/],
  ])("are named: %s package.json", async (_, content, problem) => {
    const { problems } = await checkBeside(project({ ...app, "package.json": content }));
    expect(problems).toEqual([expect.stringMatching(problem)]);
  });

  it("may hold fields of any shape", async () => {
    const manifest =
      '{ "name": 1, "main": [], "bin": 3, "scripts": "x", "exports": [null], "workspaces": { "packages": 7 } }';
    const { problems } = await checkBeside(project({ ...app, "package.json": manifest }));
    expect(problems).toEqual([]);
  });

  it("may be missing", async () => {
    const { problems } = await checkBeside(project({ "app.ts": lossy }));
    expect(problems).toEqual([]);
  });
});

describe("trees", () => {
  it("may import in a circle", async () => {
    const { problems } = await checkBeside(
      project({
        ...app,
        "app.ts": `import "./a.js";${lossy}`,
        "a.ts": 'import "./b.js";\nexport * from "./b.js";\n',
        "b.ts": 'import "./a.js";\nexport * from "./a.js";\nimport "./app.js";\n',
        "tsconfig.json": '{ "extends": "./tsconfig.json", "compilerOptions": {} }',
      }),
    );
    expect(problems).toEqual([]);
  });

  it("are not left through links, and links in a circle end", async () => {
    const outside = project({ "secret.ts": lossy });
    const root = project(app);
    symlinkSync(outside, join(root, "away"));
    symlinkSync(join(outside, "secret.ts"), join(root, "secret.ts"));
    symlinkSync(".", join(root, "round"));
    const { problems } = await checkBeside(root);
    expect(problems).toEqual([]);
  });

  it("may be deep", async () => {
    const root = project(app);
    mkdirSync(join(root, ...Array<string>(150).fill("d")), { recursive: true });
    const { problems } = await checkBeside(root);
    expect(problems).toEqual([expect.stringContaining("more than 100 folders deep")]);
  });

  it("may have names of any kind", async () => {
    const { problems } = await checkBeside(
      project({ ...app, "a b/ü\u202e\n.ts": "export {};\n", "__proto__/constructor.ts": "export {};\n" }),
    );
    expect(problems).toEqual([]);
  });

  it("may be empty", async () => {
    const { exitCode, stdout } = await run(project({}), ["check"], real);
    expect(exitCode).toBe(0);
    expect(stdout).toBe("No lost telemetry found (0 files, 0 programs with telemetry)\n");
  });

  it("may have parts that must not be read", async () => {
    const root = project({ ...app, "closed/b.ts": matters });
    chmodSync(join(root, "closed"), 0o000);
    const { problems } = await checkBeside(root).finally(() => chmodSync(join(root, "closed"), 0o755));
    // A privileged user reads everything.
    const expected = process.getuid?.() === 0 ? [] : ["unreadable closed: EACCES"];
    expect(problems.filter((problem) => !problem.includes("closed/b.ts"))).toEqual(expected);
  });
});

describe("repairs of the real analysis", () => {
  it("leave read-only files, and files with changes, as they are", async () => {
    const root = committed(app);
    chmodSync(join(root, "app.ts"), 0o444);
    const readOnly = await run(root, ["--write", "--unsafe"], real);
    expect(readOnly.exitCode).toBe(1);
    expect(readOnly.stderr).toContain("app.ts is read-only");
    chmodSync(join(root, "app.ts"), 0o644);
    writeFileSync(join(root, "app.ts"), `${lossy}// edited\n`);
    const dirty = await run(root, ["--write", "--unsafe"], real);
    expect(dirty.exitCode).toBe(2);
    expect(dirty.stderr).toContain("app.ts has changes that are not committed");
    expect(read(root, "app.ts")).toBe(`${lossy}// edited\n`);
    expect(names(root)).toEqual([".git", "app.ts", "package.json"]);
  });
});
