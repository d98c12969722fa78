import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { promiseSubclasses } from "../src/knowledge/promise-subclasses.js";
import { Workspace } from "../src/workspace.js";
import { repairAll } from "./support/repair.js";

const packages = join(import.meta.dirname, "../node_modules");
const folders: string[] = [];

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

/** A program in a folder of its own, which finds the packages of this one. */
function programOf(files: Record<string, string>): string {
  const folder = mkdtempSync(join(tmpdir(), "prove-promise-"));
  folders.push(folder);
  const manifest = {
    name: "wrapped",
    type: "module",
    exports: "./main.mjs",
    dependencies: { openai: "^6.0.0" },
  };
  for (const [path, text] of Object.entries({ ...files, "package.json": JSON.stringify(manifest) })) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}

/** What a program prints, as lines; what it says of its failure comes last. */
function run(folder: string, ...args: string[]): Promise<string[]> {
  const link = join(folder, "node_modules");
  symlinkSync(packages, link);
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ["main.mjs", ...args], { cwd: folder });
    let output = "";
    child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
    child.stderr.on("data", (chunk: Buffer) => (output += chunk.toString()));
    child.on("error", reject);
    child.on("close", () => {
      rmSync(link);
      resolve(output.trim().split("\n"));
    });
  });
}

/** A client of a model that answers at once, and a tracer that prints what it ends. */
const surroundings = {
  "client.mjs": `import { createServer } from "node:http";
import OpenAI from "openai";

const message = { role: "assistant", content: '{"n":1}' };
const server = createServer((request, response) => {
  response.once("close", () => server.close());
  response.setHeader("connection", "close");
  response.statusCode = request.headers["x-fail"] ? 400 : 200;
  response.setHeader("content-type", "application/json");
  response.end(JSON.stringify({ id: "c1", object: "chat.completion", choices: [{ index: 0, finish_reason: "stop", message }] }));
}).listen(0);
export const client = new OpenAI({ apiKey: "none", maxRetries: 0, baseURL: "http://127.0.0.1:" + server.address().port });
`,
  "span.mjs": `export const start = (name) => {
  const failures = [];
  return { fail: (error) => failures.push(error.status), end: () => console.log("span", name, ...failures) };
};
`,
  "main.mjs": `import { client } from "./client.mjs";
import "./trace.mjs";

const body = { model: "m", messages: [] };
const uses = {
  await: async () => (await client.chat.completions.create(body)).id,
  withResponse: async () => (await client.chat.completions.create(body).withResponse()).response.status,
  asResponse: async () => (await (await client.chat.completions.create(body).asResponse()).json()).id,
  parse: async () => (await client.chat.completions.parse(body)).choices[0].message.content,
  fail: () => client.chat.completions.create(body, { headers: { "x-fail": "1" } }).catch((error) => error.status),
};
await uses[process.argv[2]]().then((value) => console.log(value), (error) => console.log(error.name));
`,
};

/** Ways to write a wrapper that loses the promise. */
const wrappers = {
  "hands back what then() gives": `import OpenAI from "openai";
import { start } from "./span.mjs";

const { create } = OpenAI.Chat.Completions.prototype;
OpenAI.Chat.Completions.prototype.create = function (...args) {
  const span = start("chat");
  const asked = create.apply(this, args);
  return asked.then(
    (completion) => {
      span.end();
      return completion;
    },
    (error) => {
      span.fail(error);
      span.end();
      throw error;
    },
  );
};
`,
  "is async": `import OpenAI from "openai";
import { start } from "./span.mjs";

const { create } = OpenAI.Chat.Completions.prototype;
OpenAI.Chat.Completions.prototype.create = async function (...args) {
  const span = start("chat");
  try {
    const completion = await create.apply(this, args);
    return completion;
  } catch (error) {
    span.fail(error);
    throw error;
  } finally {
    span.end();
  }
};
`,
};

describe.each(Object.entries(wrappers))("a wrapper of the OpenAI client that %s", (_way, wrapper) => {
  const before: Record<string, string[]> = {
    await: ["span chat", "c1"],
    withResponse: ["TypeError", "span chat"],
    asResponse: ["TypeError", "span chat"],
    parse: ["TypeError", "span chat"],
    fail: ["span chat 400", "400"],
  };
  const after: Record<string, string[]> = {
    await: ["span chat", "c1"],
    withResponse: ["span chat", "200"],
    // nobody reads the completion, so nobody hears when it is read
    asResponse: ["c1"],
    parse: ["span chat", '{"n":1}'],
    fail: ["span chat 400", "400"],
  };

  it.each(Object.keys(after))("behaves as told for who uses %s, and is repaired", async (use) => {
    const folder = programOf({ ...surroundings, "trace.mjs": wrapper });
    expect((await run(folder, use)).sort()).toEqual([...(before[use] ?? [])].sort());
    const rounds = await repairAll(folder);
    expect(rounds.flatMap(({ applied }) => applied)).toHaveLength(1);
    expect((await run(folder, use)).sort()).toEqual([...(after[use] ?? [])].sort());
  });
});

describe("what harms nobody that is seen", () => {
  it.each(["traced-completion-that-is-only-awaited", "any-method-that-gives-a-promise"])(
    "is reported where it is asked for: %s",
    (name) => {
      const root = join(import.meta.dirname, "../fixtures/no-channel-type-change", name, "before");
      const checksAt = (strict: boolean) =>
        Workspace.open({ root, strict, cacheDir: false })
          .analyse()
          .findings.map(({ check }) => check);
      expect(checksAt(false)).not.toContain("promise-subclass");
      expect(checksAt(true)).toContain("promise-subclass");
    },
  );
});

describe("the promise of the OpenAI client", () => {
  it("is left by then, and read by a second listener, as the table says", async () => {
    const entry = promiseSubclasses.find((s) => s.packages.includes("openai"));
    const folder = programOf({
      ...surroundings,
      "main.mjs": `import { client } from "./client.mjs";

const asked = client.chat.completions.create({ model: "m", messages: [] });
console.log(asked.constructor.name, ${JSON.stringify(entry?.members)}.every((m) => typeof asked[m] === "function"));
const plain = asked.then((completion) => completion);
console.log(plain.constructor.name, ${JSON.stringify(entry?.members)}.some((m) => m in plain));
await plain;
await asked.asResponse().then((response) => response.json()).catch((error) => console.log(error.name));
`,
    });
    expect(await run(folder)).toEqual([`${entry?.names[0] ?? ""} true`, "Promise false", "TypeError"]);
    expect(entry?.listener).toBe("reads");
  });
});

describe("what a wrapper of fetch hands out", () => {
  it("has no url as a new response", async () => {
    const folder = programOf({
      "main.mjs": `import { createServer } from "node:http";

const server = createServer((request, response) => {
  if (request.url === "/old") return response.writeHead(302, { location: "/new" }).end();
  response.end("{}");
}).listen(0);
const at = (path) => "http://127.0.0.1:" + server.address().port + path;
const kinds = { original: (r) => r, anew: (r) => new Response(r.body, r) };
for (const [name, kind] of Object.entries(kinds)) {
  const response = kind(await fetch(at("/old")));
  const { redirected, type } = response;
  const path = response.url && new URL(response.url).pathname;
  console.log(name, path || "none", redirected, type);
}
server.closeAllConnections();
server.close();
`,
    });
    expect(await run(folder)).toEqual(["original /new true basic", "anew none false default"]);
  });
});
