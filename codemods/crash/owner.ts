import type { Edit } from "../../src/finding.js";
import type { Node } from "../../src/syntax/parse.js";
import { intoList } from "../edit/imports.js";
import { child, list, nameOf, type Source } from "../edit/source.js";
import { awaiting } from "../exit/awaiting.js";
import { nodeOf } from "../flush/helpers.js";
import { statementsIn, intoBlock, intoExpression } from "./body.js";
import type { Completed } from "./complete.js";
import { openAt, type Scene } from "./scene.js";
import { tellAt } from "./tell.js";
import { moved } from "./words.js";

/**
 * The callback of close-with-grace takes the error that it is given, and tells the SDK first of all: what it does next sends the
 * report along with the rest. Other owners do not say why the process ends.
 */
export function takeError(scene: Scene): Completed | undefined {
  const { details, project } = scene;
  const { handler, call } = details;
  const isGraceful =
    call !== undefined &&
    project.values
      .callee(call.callee, details.fn.module)
      .some((v) => v.v === "owner" && v.facts.name === "close-with-grace");
  const opened = handler && openAt(scene, handler);
  const node = opened && nodeOf(opened.source, handler);
  const body = child(node, "body");
  if (!isGraceful || !opened || !node || !body) return undefined;
  const { source, module } = opened;
  const given = errorOf(source, node);
  if (!given) return undefined;
  const statements = statementsIn(body);
  const [first] = statements ?? [];
  const spot = { source, module, node: first ?? body, fn: handler };
  const told = tellAt(scene, spot, { name: given.name, type: "error" }, "uncaughtException");
  if (!told || told.statements.length === 0) return undefined;
  const { indent, semicolon } = source.style;
  const lines = told.statements.map((s) => moved(s + semicolon, indent)).join("\n");
  const [only] = told.statements;
  const short = told.statements.length === 1 && given.name.length < 8;
  const test = `if (${given.name}) `;
  const guarded = short ? `${test}${only ?? ""}${semicolon}` : `${test}{\n${lines}\n}`;
  const put = statements
    ? intoBlock(source, body, [{ before: first, statements: [guarded] }])
    : intoExpression(source, node, [guarded], true);
  const waits = told.statements.some((s) => s.startsWith("await "));
  const ability = waits ? awaiting(project, source, node) : { edits: [] };
  return put && ability && { safe: false, edits: [...told.edits, ...given.edits, ...ability.edits, ...put] };
}

/** The error among what the callback is given. */
function errorOf(source: Source, fn: Node): { name: string; edits: Edit[] } | undefined {
  const [first] = fn.params as Node[];
  const name = "err";
  if (!first) {
    const open = /\(\s*\)/.exec(source.text.slice(fn.start, child(fn, "body")?.start));
    const pattern = source.style.spaced ? `({ ${name} })` : `({${name}})`;
    const at = fn.start + (open?.index ?? 0);
    return open ? { name, edits: [source.replace(at, at + open[0].length, pattern)] } : undefined;
  }
  if (first.type === "Identifier") return { name: `${first.name as string}.${name}`, edits: [] };
  const properties = first.type === "ObjectPattern" ? list(first, "properties") : [];
  if (properties.length === 0 || child(first, "typeAnnotation")) return undefined;
  const known = properties.find((p) => nameOf(child(p, "key")) === name);
  if (known) {
    const local = child(known, "value");
    return local?.type === "Identifier" ? { name: local.name as string, edits: [] } : undefined;
  }
  return { name, edits: [intoList(source, properties, name)] };
}
