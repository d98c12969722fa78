import type { Edit } from "../../src/finding.js";
import type { Project } from "../../src/program/project.js";
import type { Exporter } from "../../src/startup/exporters.js";

/** The first version whose HTTP exporters try again. */
const target = "0.209.0";
/** From here to there nothing has to be changed in a program that only sets the SDK up. */
const isNear = /^[~^]?0\.20\d(?:\.\d+)?$/;

/**
 * The edits that raise the range of an exporter, and with it those of the packages that are released together with it.
 * @returns undefined where the program is on an older line: that step is a migration
 */
export function raised(exporter: Exporter, project: Project): Edit[] | undefined {
  const file = manifestOf(exporter, project);
  const text = file === undefined ? undefined : project.index.read(file);
  if (file === undefined || text === undefined) return undefined;
  const range = rangeOf(text, exporter.package);
  if (range === undefined || !isNear.test(range)) return undefined;
  const minor = /0\.\d+/.exec(range)?.[0] ?? "";
  const together = new RegExp(
    `("@opentelemetry/[\\w-]+"\\s*:\\s*")([~^]?)${minor.replace(".", "\\.")}(?:\\.\\d+)?(?=")`,
    "g",
  );
  return [...text.matchAll(together)].map((m) => {
    const start = m.index + (m[1]?.length ?? 0);
    return { file, start, end: m.index + m[0].length, text: `${m[2] ?? ""}${target}` };
  });
}

/** The package.json that asks for the exporter. */
function manifestOf({ fn, package: name }: Exporter, project: Project): string | undefined {
  for (const at of [fn.module.file, "package.json"]) {
    const found = project.index.packageOf(at);
    if (found?.json?.dependencies?.[name] !== undefined)
      return found.dir === "" ? "package.json" : `${found.dir}/package.json`;
  }
  return undefined;
}

const rangeOf = (text: string, name: string): string | undefined =>
  new RegExp(`"${name}"\\s*:\\s*"([^"]+)"`).exec(text)?.[1];
