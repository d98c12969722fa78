import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { applyEdits } from "../src/cli/apply/edits.js";
import { Workspace } from "../src/workspace.js";

const folders: string[] = [];

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

const server = (route: string): string => `import express from "express";
import { PostHog } from "posthog-node";

const posthog = new PostHog(process.env.POSTHOG_KEY);
const app = express();

app.post("/orders", async (request, response) => {
  posthog.capture({ distinctId: "none", event: "ordered" });
${route}  response.send("ordered");
});

const server = app.listen(8080);

process.once("SIGTERM", () => {
  server.close(() => void posthog.flush().finally(() => process.exit(0)));
});
`;

function open(main: string, strict: boolean, files: Record<string, string> = {}): Workspace {
  const root = realpathSync(mkdtempSync(path.join(tmpdir(), "telemetry-fix-requests-")));
  folders.push(root);
  const json = {
    name: "orders",
    private: true,
    type: "module",
    scripts: { start: "node src/main.js" },
    dependencies: { express: "^5.1.0", "posthog-node": "^5.10.0" },
  };
  mkdirSync(path.join(root, "src"));
  for (const [file, text] of Object.entries({
    "package.json": JSON.stringify(json),
    "src/main.js": main,
    ...files,
  }))
    writeFileSync(path.join(root, file), text);
  return Workspace.open({ root, cacheDir: false, strict, rules: ["safe-processor-config"] });
}

const found = (workspace: Workspace): (string | undefined)[] =>
  workspace.analyse().findings.map(({ check, line }) => `${check ?? ""} ${String(line)}`);

const waits = "  await posthog.flush();\n";

describe("a flush on the way of a request", () => {
  it("is reported where it is asked for, and taken out", () => {
    const workspace = open(server(waits), true);
    const { findings } = workspace.analyse();
    expect(findings.map(({ check, line }) => [check, line])).toEqual([["awaited-on-request", 9]]);
    const edits = findings.flatMap((finding) => workspace.repair(finding)?.edits ?? []);
    expect(applyEdits(server(waits), edits)).toBe(server(""));
  });

  it("is left alone otherwise", () => {
    expect(found(open(server(waits), false))).toEqual([]);
  });

  it("is none where only the end of the server flushes", () => {
    expect(found(open(server(""), true))).toEqual([]);
  });

  it("is right where the container is frozen between requests", () => {
    const files = { "deploy.sh": "#!/bin/sh\ngcloud run deploy orders --source .\n" };
    expect(found(open(server(waits), true, files))).toEqual([]);
  });
});
