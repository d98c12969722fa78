import { exporterNames, misspelled } from "../knowledge/otel-variables.js";
import type { ChainBreak } from "../program/details.js";
import type { Project } from "../program/project.js";
import { variablesOf, type Variable } from "./environment.js";
import { exportersOfRun } from "./exporters-of-run.js";
import { nearestName } from "./misspelt.js";

/**
 * Variables that no SDK reads by their name, and exporters that it does not know.
 * `names`: what is wrong (`name`, `exporter`), the name, what was meant, the value.
 */
export function wrongVariables(project: Project): ChainBreak[] {
  return variablesOf(project).flatMap((variable): ChainBreak[] => {
    const meant = meantBy(variable.name);
    if (meant !== undefined) return isRead(variable.name, project) ? [] : [broken(variable, "name", meant)];
    const unknown = unknownExporter(variable, project);
    return unknown === undefined ? [] : [broken(variable, "exporter", unknown)];
  });
}

function broken(variable: Variable, what: string, meant: string): ChainBreak {
  const [run] = variable.runs;
  const [start] = run?.started.values() ?? [];
  return {
    kind: "chain-break",
    check: "wrong-variable",
    fn: variable.fn,
    at: what === "name" ? variable.nameAt : variable.valueAt,
    names: [what, variable.name, meant, variable.value],
    others: start
      ? [{ fn: start.fn, at: start.at, message: `${start.vendor?.name ?? ""} is started here` }]
      : [],
  };
}

function meantBy(name: string): string | undefined {
  const found = misspelled.find(({ wrong }) => wrong.test(name));
  return found ? name.replace(found.wrong, found.meant) : nearestName(name);
}

/** The program or a manifest reads the name itself, whatever it is for. */
function isRead(name: string, project: Project): boolean {
  const word = new RegExp(`\\b${name}\\b(?!\\s*=[^=])`);
  const put = new RegExp(`\\$\\{?(?:env:)?${name}\\b`);
  const { sources, manifestFiles } = project.index;
  return (
    sources.some((file) => word.test(project.index.read(file) ?? "")) ||
    manifestFiles.some((file) => put.test(project.index.read(file) ?? ""))
  );
}

/** The name in the list of exporters that nothing is made of, where the SDK makes its exporters of the list. */
function unknownExporter({ name, value, runs }: Variable, project: Project): string | undefined {
  const names = exporterNames[name];
  if (!names || !/^[\w, /-]+$/.test(value)) return undefined;
  if (!runs.every((run) => exportersOfRun(run, project).bySdk)) return undefined;
  const given = value.split(",").map((part) => part.trim());
  return given.every((part) => part === "" || names.includes(part))
    ? undefined
    : given.find((part) => part !== "" && !names.includes(part));
}
