import type { Edit } from "../../../src/finding.js";
import { child, nameOf, openSource } from "../../edit/source.js";
import { nodesIn } from "../../edit/bodies.js";
import type { ChainRepair } from "../../edit/repair.js";

/** The response is returned as it came, and what was read from it is read from a clone. */
export const repairResponse: ChainRepair = ({ fn, names: [shape, answer], parts }, project) => {
  const source = openSource(project, fn.module.file);
  const [made] = parts ?? [];
  const node = made && source?.at(made.at, "NewExpression");
  if (!source || !node || shape !== "rebuilt" || !answer) return undefined;
  const [body] = made.k === "call" ? made.args : [];
  // a stream that was made of the body takes it away from the response
  const isWhole = body?.k === "mem" ? body.p === "body" : body?.k === "id" || body?.k === "await";
  const scope = source.functionOf(node);
  if (!isWhole || !scope) return undefined;
  const around = [scope, ...[...source.ancestors(scope)].filter((n) => n.type === scope.type)].at(-1);
  const reads = nodesIn(around).filter(
    (n) =>
      n.type === "MemberExpression" &&
      nameOf(child(n, "object")) === answer &&
      READS.test(nameOf(child(n, "property")) ?? ""),
  );
  if (nodesIn(around).some((n) => isStream(source.textOf(n), n.type))) return undefined;
  const inside = (at: number): boolean => at >= node.start && at < node.end;
  const edits: Edit[] = reads
    .flatMap((n) => child(n, "object") ?? [])
    .filter((n) => !inside(n.start))
    .map((n) => source.insert(n.end, ".clone()"));
  return {
    level: "safe",
    title: "Return the response, and read a clone of it",
    edits: [...edits, source.replace(node.start, node.end, answer)],
  };
};

const READS = /^(?:text|json|blob|arrayBuffer|formData|bytes)$/;

/** A body that is taken apart cannot be given back. */
const isStream = (text: string, type: string): boolean =>
  type === "MemberExpression" && /\.body\??\.(?:tee|pipeThrough|pipeTo|getReader)$/.test(text);
