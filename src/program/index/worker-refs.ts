/** Finds the files that a text starts in a thread or process of their own. */
import { sourceName } from "../../syntax/source-names.js";

const starter =
  /\b(?:new\s+(?:[\w$]+\.)?(?:Worker|SharedWorker|Piscina|Tinypool|StaticPool|DynamicThreadPool|FixedThreadPool)|fork|spawn(?:Sync)?|execFile(?:Sync)?)\s*\(/g;
/** One of these is in every text that `starter` matches. */
export const starterWords = [
  "Worker",
  "fork",
  "spawn",
  "execFile",
  "Piscina",
  "Tinypool",
  "ThreadPool",
  "StaticPool",
];
const quotedPart = /"([^"\n\\]+)"|'([^'\n\\]+)'|`([^`$\n\\]+)`/g;
const nodeProgram =
  /^(?:\s|\/\*[^]*?\*\/)*(?:(?:process\.)?execPath|["'`](?:node|bun|deno|tsx|ts-node)["'`]|process\.argv0|process\.argv\[0\])/;

/** More starts than this in one file are no program's. */
const mostStarts = 500;

/** How far behind the opening parenthesis the file is looked for. */
const reach = 240;

/** Names, in a text that has one of the words, in `new Worker("./x")`, `fork(path.join(__dirname, "x.js"))`, `spawn(process.execPath, ["x.js"])`; relative ones begin with a dot. */
export function workersIn(text: string, latin: boolean): string[] {
  const found: string[] = [];
  starter.lastIndex = 0;
  let count = 0;
  for (let match = starter.exec(text); match !== null && count++ < mostStarts; match = starter.exec(text)) {
    const start = starter.lastIndex;
    let argument = text.slice(start, statementEnd(text, start));
    if (/^(?:spawn|execFile)/.test(match[0])) {
      const program = nodeProgram.exec(argument)?.[0];
      if (program === undefined) continue;
      argument = argument.slice(program.length);
    }
    const name = fileIn(argument);
    if (name === undefined) continue;
    const copy = latin ? Buffer.from(name, "latin1").toString("utf8") : Buffer.from(name).toString("utf8");
    if (!found.includes(copy)) found.push(copy);
  }
  return found;
}

function statementEnd(text: string, start: number): number {
  const end = text.indexOf(";", start);
  const limit = Math.min(text.length, start + reach);
  return end < 0 || end > limit ? limit : end;
}

/** The first quoted name that is a file, with the folder parts that come before it in the same call. */
function fileIn(argument: string): string | undefined {
  const fromHere = /__dirname|import\.meta\.(?:url|dirname|dir)\b/.test(argument);
  const parts: string[] = [];
  quotedPart.lastIndex = 0;
  for (let match = quotedPart.exec(argument); match !== null; match = quotedPart.exec(argument)) {
    const part = match[1] ?? match[2] ?? match[3] ?? "";
    if (sourceName.test(part) || (/^\.{1,2}\//.test(part) && !fromHere)) {
      const folders = fromHere
        ? parts.filter((folder) => /^[\w@.][\w@./-]*$/.test(folder) && folder !== "file:")
        : [];
      const joined = [...folders, part].join("/");
      return joined.startsWith(".") || joined.startsWith("/") ? joined : `./${joined}`;
    }
    parts.push(part);
  }
  return undefined;
}
