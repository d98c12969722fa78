import type { Edit } from "../../src/finding.js";
import type { ProducerFacts } from "../../src/knowledge/schema.js";
import { isProducerModule, servedBy } from "../../src/program/producers.js";
import type { Project } from "../../src/program/project.js";
import { says } from "../../src/program/says.js";
import type { Call, Module } from "../../src/syntax/ir.js";
import type { Node } from "../../src/syntax/parse.js";
import { statementsOf, type Page } from "../ending/page.js";
import { child, nameOf } from "../edit/source.js";
import { visibleAt } from "../flush/names.js";
import { type DrainText, drainOf, nameOfProducer } from "./drains.js";
import { freeNameIn } from "./names.js";

/** Something in a file that serves, under a name by which an ending can let it come to its end. */
export interface Server {
  facts: ProducerFacts;
  name: string;
  /** How it is waited for. */
  drain: DrainText;
  /** The block in which the name is known. */
  block: Node;
  /** The statement of that block behind which it serves. */
  behind: Node;
  /** What gives it the name. */
  edits: Edit[];
}

/** What is called on an application that another file makes. */
const LISTENS = /\.(listen|bindAsync|startAllMicroservices)\s*\(/;

/** Whether a file can start something that serves, by its text alone. */
export const mayServe = (file: string, project: Project): boolean =>
  project.index.scan(file).imports.some((i) => isProducerModule(i.specifier)) || says(file, LISTENS, project);

/** It listens for signals by itself, and ends the process when it is done. */
export const endsProcess = ({ signals }: ProducerFacts): boolean =>
  signals?.exits === true && signals.enable === undefined;

/** The calls of a file by which something serves. */
export const servingCalls = (module: Module, project: Project): { call: Call; facts: ProducerFacts }[] =>
  module.calls.flatMap(({ call }) => {
    const facts = servedBy(call, module, project);
    return facts && drainOf(facts, "it") ? [{ call, facts }] : [];
  });

/** What a file starts that serves, in source order; what an ending could not name is left out. */
export function serversIn(page: Page, module: Module, project: Project): Server[] {
  const found: Server[] = [];
  for (const { call, facts } of servingCalls(module, project)) {
    const node = page.callAt(call.at);
    const server = node && named(page, module, node, facts);
    const same = server && found.find((s) => s.name === server.name && s.block === server.block);
    // what starts several times serves behind the last of them
    if (same && server) Object.assign(same, { behind: server.behind });
    else if (server && !found.some((s) => s.name === server.name)) found.push(server);
  }
  return found;
}

function named(page: Page, module: Module, node: Node, facts: ProducerFacts): Server | undefined {
  const callee = child(node, "callee");
  const isSelf = facts.serve !== undefined && facts.serves !== "result";
  const object = isSelf ? child(callee, "object") : undefined;
  if (object?.type === "Identifier") return ofName(page, module, node, nameOf(object) ?? "", facts);
  // `http.createServer(app).listen(80)` gives the server, `Fastify().listen()` does not
  if (isSelf && !/^(https?|http2|net|tls) server$/.test(facts.name)) return undefined;
  return ofResult(page, module, node, facts);
}

function ofName(
  page: Page,
  module: Module,
  node: Node,
  name: string,
  facts: ProducerFacts,
): Server | undefined {
  const bind = visibleAt(page, module, node).get(name);
  const isTop = bind?.kind === "import" || (bind !== undefined && module.bindings.includes(bind));
  const place = isTop ? topPlace(page, node) : placeOf(page, node);
  const drain = drainOf(facts, name);
  return place && drain && { facts, name, drain, ...place, edits: [] };
}

function ofResult(page: Page, module: Module, node: Node, facts: ProducerFacts): Server | undefined {
  let top = node;
  let holder = page.parentOf(top);
  for (; holder && CHAINED.test(holder.type); holder = page.parentOf(top)) {
    if (holder.type === "CallExpression" && child(holder, "callee") !== top) return undefined;
    if (holder.type === "AwaitExpression") return undefined;
    top = holder;
  }
  if (holder?.type === "VariableDeclarator" && child(holder, "init") === top) {
    const name = nameOf(child(holder, "id"));
    return name === undefined ? undefined : ofName(page, module, node, name, facts);
  }
  if (holder?.type === "AssignmentExpression") {
    const name = nameOf(child(holder, "left"));
    const optional = name !== undefined && page.isTypeScript;
    return name === undefined || optional ? undefined : ofName(page, module, node, name, facts);
  }
  const place = holder?.type === "ExpressionStatement" ? placeOf(page, node) : undefined;
  if (!holder || place?.behind !== holder) return undefined;
  const name = freeNameIn(page, nameOfProducer(facts));
  const drain = name === undefined ? undefined : drainOf(facts, name);
  if (name === undefined || !drain) return undefined;
  const edits = [page.insert(holder.start, `const ${name} = `)];
  return { facts, name, drain, ...place, edits };
}

/** `app.listen(80).on("error", report)` gives what `listen` gives. */
const CHAINED =
  /^(MemberExpression|CallExpression|ChainExpression|TS(As|NonNull)Expression|AwaitExpression)$/;

function placeOf(page: Page, node: Node): Pick<Server, "block" | "behind"> | undefined {
  let behind = node;
  for (const up of page.ancestors(node)) {
    if (statementsOf(up)) return { block: up, behind };
    behind = up;
  }
  return undefined;
}

/** Behind the statement of the top level, and behind the call of the function that it declares. */
function topPlace(page: Page, node: Node): Pick<Server, "block" | "behind"> | undefined {
  const block = page.program;
  const statements = statementsOf(block) ?? [];
  const index = statements.findIndex((s) => s.start <= node.start && node.end <= s.end);
  const behind = statements[index];
  if (!behind) return undefined;
  const declared =
    behind.type === "FunctionDeclaration"
      ? nameOf(child(behind, "id"))
      : /^(?:const|let|var)\s+(\w+)/.exec(page.textOf(behind))?.[1];
  const next = statements[index + 1];
  const calls = new RegExp(`^(void |await )?${declared ?? "\\0"}\\(`);
  return { block, behind: next && declared !== undefined && calls.test(page.textOf(next)) ? next : behind };
}
