import { removedMembers, sdkProviderMembers } from "../../../src/knowledge/provider-members.js";
import { runsWith } from "../../../src/versions/package-versions.js";
import type { Edit, Repair } from "../../../src/finding.js";
import type { ChainBreak } from "../../../src/program/details.js";
import type { Project } from "../../../src/program/project.js";
import type { Binding, Module } from "../../../src/syntax/ir.js";
import type { Node } from "../../../src/syntax/parse.js";
import { importEdits } from "../../edit/imports.js";
import { withParentheses } from "../../edit/insert.js";
import { child, list, nameOf, openSource, type Source } from "../../edit/source.js";
import { ownedProvider } from "./owned-provider.js";
import type { ChainRepair } from "../../edit/repair.js";

const API = "@opentelemetry/api";

/** The provider that the module made takes the place of the proxy; where it made none, the proxy is asked for what is behind it. */
export const repairGlobalProvider: ChainRepair = (broken, project) => {
  const { call, parts = [] } = broken;
  if (!call) return undefined;
  const fn = originOf(broken);
  const source = openSource(project, fn.module.file);
  const nodes = parts.map(({ at }) => source?.at(at, "CallExpression"));
  if (!source || nodes.length === 0 || !nodes.every((node) => node !== undefined)) return undefined;
  const members = [broken.names[0] ?? "", ...broken.names.slice(2)];
  const onlyEnds = members.every((name) => /^(flush|close)$/.test(sdkProviderMembers[name] ?? ""));
  const owned = onlyEnds ? ownedProvider({ fn, call }, project) : undefined;
  if (owned) return kept(source, nodes, owned);
  return members.some((name) => isRemoved(name, fn.module.file, project))
    ? undefined
    : unwrapped(source, nodes, fn.module);
};

/** The function in which the proxy is asked for: that of the first use, or the first place that the finding names beside it. */
const originOf = ({ fn, call, others }: ChainBreak): ChainBreak["fn"] =>
  others?.find((other) => other.at === call?.at)?.fn ?? fn;

/** Behind the proxy the member is not there either. */
function isRemoved(name: string, file: string, project: Project): boolean {
  const member = removedMembers.find((removed) => removed.name === name);
  return member !== undefined && runsWith(file, member.since, project) === true;
}

const CASTS = new Set(["TSAsExpression", "TSTypeAssertion", "TSNonNullExpression", "TSSatisfiesExpression"]);

function kept(source: Source, calls: readonly Node[], { name }: Binding): Repair | undefined {
  const edits = calls.map((call) => keptAt(source, call, name));
  if (!edits.every((edit) => edit !== undefined)) return undefined;
  return { level: "safe", title: `Use the provider that \`${name}\` holds`, edits };
}

/** The casts around the call go with it. */
function keptAt(source: Source, call: Node, name: string): Edit | undefined {
  let whole = call;
  for (const up of source.ancestors(call)) {
    if (!CASTS.has(up.type)) break;
    whole = up;
  }
  const holder = source.parentOf(whole);
  if (holder?.type === "VariableDeclarator" && nameOf(child(holder, "id")) === name) {
    const declaration = source.parentOf(holder);
    return declaration && list(declaration, "declarations").length === 1
      ? withoutLine(source, declaration)
      : undefined;
  }
  const [start, end] =
    holder?.type === "MemberExpression"
      ? withParentheses(source, whole, holder)
      : ([whole.start, whole.end] as const);
  return source.replace(start, end, name);
}

/** A statement goes with its line. */
function withoutLine(source: Source, statement: Node): Edit {
  const rest = /^[ \t]*\r?\n/.exec(source.text.slice(statement.end));
  return source.isFirstOnLine(statement.start) && rest
    ? source.replace(source.lineStart(statement.start), statement.end + rest[0].length, "")
    : source.replace(statement.start, statement.end, "");
}

function unwrapped(source: Source, calls: readonly Node[], module: Module): Repair | undefined {
  const title = "Ask the proxy for the provider behind it";
  if (!source.isTypeScript) {
    const edits = calls.map((call) => source.insert(call.end, ".getDelegate()"));
    return { level: "review", title, edits };
  }
  const name = "ProxyTracerProvider";
  const imported = module.bindings.some((b) => b.name === name)
    ? []
    : importEdits(source, { name, local: name, specifier: API }, (specifier) => specifier === API);
  if (!imported) return undefined;
  const edits = calls.flatMap((call) => {
    // a line that begins with a bracket goes on with the one before where the file has no semicolons
    const lead = source.style.semicolon === "" && startsStatement(source, call) ? ";" : "";
    return [source.insert(call.start, `${lead}(`), source.insert(call.end, ` as ${name}).getDelegate()`)];
  });
  return { level: "review", title, edits: [...imported, ...edits] };
}

function startsStatement(source: Source, node: Node): boolean {
  for (const up of source.ancestors(node))
    if (up.type === "ExpressionStatement") return up.start === node.start;
  return false;
}
