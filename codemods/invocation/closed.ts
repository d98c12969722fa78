import { lossAt } from "../../src/invocation/unflushed.js";
import type { CallFacts } from "../../src/knowledge/schema.js";
import type { ChainRepair } from "../edit/repair.js";
import { child, list, openSource } from "../edit/source.js";

/** Flushes in the place of the close, where the same handle has a flush that can be waited for. */
export const repairClosed: ChainRepair = (broken, project) => {
  const { fn, at } = broken;
  const source = openSource(project, fn.module.file);
  const call = source?.at(at, "CallExpression");
  const callee = child(call, "callee");
  const value = lossAt(broken, project)?.hit.value;
  if (!source || !call || !callee) return undefined;
  const named: [string, CallFacts][] =
    value?.v === "member"
      ? Object.entries(value.member.cls.facts.members).flatMap(([name, m]) =>
          "role" in m ? [[name, m]] : [],
        )
      : value?.v === "sdk" && value.sdk.is === "call"
        ? Object.entries(value.sdk.pkg.exports).flatMap(([name, e]) =>
            e.kind === "function" ? [[name, e]] : [],
          )
        : [];
  const closing =
    value?.v === "member"
      ? value.member.facts
      : value?.v === "sdk" && value.sdk.is === "call"
        ? value.sdk.facts
        : undefined;
  const flush = named.find(([, facts]) => facts.role === "flush" && facts.style === closing?.style);
  const name = callee.type === "MemberExpression" ? child(callee, "property") : undefined;
  if (!flush || !closing || !name) return undefined;
  const args = list(call, "arguments");
  const keeps = args.length === 0 || JSON.stringify(flush[1].timeout) === JSON.stringify(closing.timeout);
  const [first] = args;
  return {
    level: "review",
    title: `Flush in place of \`${source.textOf(name)}\``,
    edits: [
      source.replace(name.start, name.end, flush[0]),
      ...(keeps || !first ? [] : [source.replace(first.start, args.at(-1)?.end ?? first.end, "")]),
    ],
  };
};
