// `promisify(exec)` once it is recorded.
import { createRequire } from "node:module";
import { promisify } from "node:util";
import { load, outcome, tell } from "./tell.mjs";

const childProcess = createRequire(import.meta.url)("node:child_process");
const { recordExec } = await load("src/record-exec.ts");
const seen = [];
recordExec((command) => seen.push(command));
const found = await outcome(() => promisify(childProcess.exec)("echo out"));
childProcess.exec("echo again", () => {});
tell({ stdout: found.stdout ?? null, seen: seen.includes("echo again") });
