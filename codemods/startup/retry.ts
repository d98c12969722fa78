import type { Edit, Repair } from "../../src/finding.js";
import type { Project } from "../../src/program/project.js";
import { exportersOf } from "../../src/startup/exporters.js";
import type { ChainRepair } from "../edit/repair.js";
import { child, list, openSource, type Source } from "../edit/source.js";
import { takenNames } from "../flush/names.js";
import { raised } from "./raise.js";

/** The exporter that a finding names sends again what its collector refused: by a later version, else by a function around it. */
export const retry: ChainRepair = (broken, project) => {
  const exporter = project
    .runs()
    .flatMap((run) => exportersOf(run, project))
    .find(({ call }) => call === broken.call);
  if (!exporter) return undefined;
  const edits = exporter.transport === "http" ? raised(exporter, project) : undefined;
  if (edits) return { level: "review", title: "Raise the packages of OpenTelemetry to 0.209", edits };
  return wrapped(broken.fn.module.file, exporter.call.at, exporter.transport, project);
};

/** What an error of the exporter has for `code` when nobody listens. */
const refusals = {
  http: ["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN"],
  grpc: ["14"],
};

function wrapped(
  file: string,
  at: readonly [number, number],
  transport: "http" | "grpc",
  project: Project,
): Repair | undefined {
  const source = openSource(project, file);
  const made = source?.at([at[0], at[1]], "NewExpression");
  const statement = made && source && list(source.program, "body").find((s) => covers(s, at));
  const className = made && source?.textOf(child(made, "callee") ?? made);
  const name = "retryRefused";
  if (!source || !made || !statement || className === undefined) return undefined;
  const known = hasOwn(source, name);
  if (!known && takenNames(source).has(name)) return undefined;
  const edits: Edit[] = [source.insert(made.start, `${name}(`), source.insert(made.end, ")")];
  if (!known)
    edits.unshift(
      source.insert(source.lineStart(statement.start), helper(source, name, className, transport)),
    );
  return { level: "review", title: "Send a refused batch again", edits };
}

const covers = (node: { start: number; end: number }, [start, end]: readonly [number, number]): boolean =>
  node.start <= start && end <= node.end;

/** An exporter of the same file has been repaired before. */
const hasOwn = (source: Source, name: string): boolean =>
  list(source.program, "body").some((s) => s.type === "FunctionDeclaration" && child(s, "id")?.name === name);

/** The function, in the style of the file. */
function helper(source: Source, name: string, className: string, transport: "http" | "grpc"): string {
  const { quote, indent, semicolon } = source.style;
  const codes = refusals[transport].map((code) => (transport === "http" ? `${quote}${code}${quote}` : code));
  const typed = source.isTypeScript;
  const error = typed ? "(result.error as { code?: unknown } | undefined)?.code" : "result.error?.code";
  const isRefused =
    codes.length === 1
      ? `${error} === ${codes.join("")}`
      : `[${codes.join(", ")}].includes(${typed ? `String(${error})` : error})`;
  const text = [
    `/** Sends a batch again, for ten seconds, while the collector does not listen yet. */`,
    `function ${name}(exporter${typed ? `: ${className}` : ""})${typed ? `: ${className}` : ""} {`,
    `>const send = exporter.export.bind(exporter);`,
    `>exporter.export = (batch, done) => {`,
    `>>const until = Date.now() + 10_000;`,
    `>>const attempt = ()${typed ? ": void" : ""} =>`,
    `>>>send(batch, (result) => {`,
    `>>>>const refused = ${isRefused};${transport === "grpc" ? " // UNAVAILABLE" : ""}`,
    `>>>>if (refused && Date.now() < until) setTimeout(attempt, 500);`,
    `>>>>else done(result);`,
    `>>>});`,
    `>>attempt();`,
    `>};`,
    `>return exporter;`,
    `}`,
    ``,
    ``,
  ];
  return text
    .map((line) => line.replace(/^>+/, (m) => indent.repeat(m.length)))
    .map((line) => (semicolon === "" ? line.replace(/;(?= \/\/|$)/, "") : line))
    .join("\n");
}
