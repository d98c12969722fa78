import { wrappers } from "../../program/index/entries/runners.js";
import { assignmentOf, splitCommands } from "../../program/index/entries/shell-words.js";
import { dirOf, joinPath } from "../../program/index/paths.js";
import type { Project } from "../../program/project.js";
import { writtenIn, type Written } from "../commands/written.js";
import { entryOf, outputsOf, type Bundle } from "./bundle.js";

/** The bundles that scripts of package.json make: `esbuild x.ts --bundle --platform=node`, `ncc build x.ts`. */
export function bundlesOfCommands(project: Project): Bundle[] {
  return writtenIn(project).flatMap((written) => {
    const { script, fn } = written;
    if (script === undefined) return [];
    const line = project.index.packageOf(fn.module.file)?.json?.scripts?.[script];
    if (typeof line !== "string" || !/\b(?:esbuild|ncc)\b/.test(line)) return [];
    let base: string | undefined = dirOf(fn.module.file);
    return splitCommands(line).flatMap((words): Bundle[] => {
      if (words[0] === "cd") base = base === undefined ? undefined : joinPath(base, words[1] ?? "");
      if (base === undefined) return [];
      const own = programWords(words);
      if (own[0] === "esbuild") return esbuild(own.slice(1), base, written, project);
      if (own[0] === "ncc" && own[1] === "build") return ncc(own.slice(2), base, written, project);
      return [];
    });
  });

  /** Without assignments and whatever runs the tool. */
  function programWords(words: readonly string[]): string[] {
    const first = words.findIndex(
      (w) =>
        !assignmentOf(w) &&
        !wrappers.has(w) &&
        !/^(?:pnpm|yarn|npm|exec|run|--)$/.test(w) &&
        !w.startsWith("-"),
    );
    return first < 0 ? [] : words.slice(first);
  }
}

function esbuild(words: readonly string[], base: string, written: Written, project: Project): Bundle[] {
  const value = (name: string): string | undefined =>
    words.find((w) => w.startsWith(`--${name}=`))?.slice(name.length + 3);
  if (!words.includes("--bundle") && value("bundle") !== "true") return [];
  if (value("platform") !== "node" || words.some((w) => w === "--packages=external")) return [];
  // a plugin of a wrapper, or what only the shell knows
  if (words.some((w) => w.includes("$"))) return [];
  const external = words.flatMap((w) => (w.startsWith("--external:") ? [w.slice("--external:".length)] : []));
  const entries = words.filter((w) => !w.startsWith("-"));
  return entries.flatMap((path): Bundle[] => {
    const entry = entryOf(path, base, project);
    if (entry === undefined) return [];
    const outputs = outputsOf(path, { file: value("outfile"), dir: value("outdir") }, base);
    return [{ tool: "esbuild", ...placeIn(written, "--bundle", project), entry, outputs, external }];
  });
}

const nccValued = new Set([
  "-o",
  "--out",
  "-e",
  "--external",
  "--target",
  "--asset-builds",
  "--license",
  "--stats-out",
]);

function ncc(words: readonly string[], base: string, written: Written, project: Project): Bundle[] {
  const external: string[] = [];
  let out = "dist";
  let path: string | undefined;
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? "";
    if (!nccValued.has(word)) {
      if (!word.startsWith("-")) path ??= word;
      continue;
    }
    const value = words[++at] ?? "";
    if (word === "-o" || word === "--out") out = value;
    if (word === "-e" || word === "--external") external.push(...value.split(","));
  }
  const entry = path === undefined ? undefined : entryOf(path, base, project);
  if (entry === undefined || words.some((w) => w.includes("$"))) return [];
  const outputs = outputsOf("index", { file: undefined, dir: out }, base);
  return [{ tool: "ncc", ...placeIn(written, "ncc build", project), entry, outputs, external }];
}

/** The words of a script that ask for the bundle. */
function placeIn({ fn, at }: Written, words: string, project: Project): Pick<Bundle, "fn" | "at"> {
  const text = project.index.read(fn.module.file)?.slice(...at) ?? "";
  const start = text.indexOf(words);
  return { fn, at: start < 0 ? at : [at[0] + start, at[0] + start + words.length] };
}
