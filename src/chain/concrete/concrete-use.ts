import { linkWords } from "../../knowledge/link-words.js";
import type { ChainBreak } from "../../program/details.js";
import { says } from "../../program/says.js";
import type { Project } from "../../program/project.js";
import type { Call, Cast, Expr, Module, Span } from "../../syntax/ir.js";
import type { Check } from "../../program/rule-of-checks.js";
import { Evaluator } from "./evaluate.js";
import type { Held } from "./holding.js";
import { modulesSaying } from "../modules.js";
import { reliancesIn, type Reliance } from "./relies.js";
import { wrappingOf, wrapsIn } from "./wrapping.js";

/** A value that may be wrapped is used as the class that it was before. */
export const concreteUse: Check = {
  id: "concrete-use",
  summary: "A value that may be wrapped is used as the class that it was before.",
  strict: false,
  find(project) {
    const evaluator = new Evaluator(project);
    const { concrete, concreteTest, concreteWrap } = linkWords;
    const wrap = modulesSaying(concreteWrap, project)
      .filter((module) => wrapsIn(module, evaluator))
      .map(({ file }) => file);
    const near = importing(wrap, 1, project);
    const far = [...importing(wrap, 3, project)].filter(
      (file) => near.has(file) || says(file, concrete, project) || says(file, concreteTest, project),
    );
    return far.flatMap((file) => {
      const module = project.module(file);
      return module ? breaksIn(module, near.has(file), evaluator, project) : [];
    });
  },
  message({ names: [how, what = "the value", type = "the class", by = "the wrapper", member] }) {
    const lost = member === "" ? `is no \`${type}\`` : `has no \`${member ?? ""}\``;
    const keep = `Keep the \`${type}\` in a constant of its own and use that here.`;
    if (how === "skipped" || how === "optional")
      return `\`${what}\` may be what \`${by}\` has made of it, which ${lost}: then this is skipped without a word. ${keep}`;
    if (how === "refused")
      return `\`${what}\` may be what \`${by}\` has made of it, which ${lost}: then this test fails and the program throws. ${keep}`;
    return `\`${what}\` may be what \`${by}\` has made of it, which ${lost}: then this fails. ${keep}`;
  },
};

/** Some files, and those that import them, so many steps up; tests and generated files left out. */
function importing(files: readonly string[], steps: number, { index }: Project): Set<string> {
  const all = new Set(files);
  let last = files;
  for (let i = 0; i < steps; i++) {
    last = last
      .flatMap((file) => index.importers(file))
      .filter((file) => !all.has(file) && !index.isTest(file) && !index.scan(file).generated);
    for (const file of last) all.add(file);
  }
  return all;
}

function breaksIn(module: Module, wraps: boolean, evaluator: Evaluator, project: Project): ChainBreak[] {
  const casts = new Map<Expr, Cast>(module.casts.map((c) => [c.e, c]));
  const castOf = (e: Expr): Cast | undefined => {
    const direct = casts.get(e);
    if (direct) return direct;
    const [value, ...others] = e.k === "id" ? (e.bind?.values ?? []) : [];
    return value && others.length === 0 ? casts.get(value) : undefined;
  };
  const castTo = (e: Expr): Held | undefined => {
    const [type, ...others] = castOf(e)?.types ?? [];
    if (!type || others.length > 0) return undefined;
    const [held, ...more] = evaluator.of(type.expr, module.top);
    return more.length === 0 && (held?.is === "class" || held?.is === "package") ? held : undefined;
  };
  return reliancesIn(module, evaluator, castTo, wraps).map((r) =>
    broken(r, castOf(r.subject), evaluator, project),
  );
}

function broken(r: Reliance, cast: Cast | undefined, evaluator: Evaluator, project: Project): ChainBreak {
  const { fn, wrapping, member, use, how } = r;
  const at = how === "fails" && cast ? cast.at : r.at;
  const subject = how === "fails" && cast ? cast.e : r.subject;
  const others = [{ fn: wrapping.fn, at: wrapping.at, message: `\`${wrapping.by}\` puts this around it` }];
  if (use && member !== undefined && use.at !== at)
    others.push({ ...use, message: `\`${member}\` is used here` });
  const made = madeOf(r, evaluator);
  return {
    kind: "chain-break",
    check: "concrete-use",
    fn: how === "fails" && cast ? cast.fn : fn,
    at,
    names: [how, textOf(fn.module, subject.at, project), r.type ?? "value", wrapping.by, member ?? ""],
    ...(how === "skipped" || how === "optional" ? { level: "warning" as const } : {}),
    // an interface may well leave it to each kind of channel whether it has such a method
    ...(how === "optional" ? { strict: true } : {}),
    others,
    ...(made ? { parts: [made, subject, ...r.more] } : {}),
  };
}

const textOf = ({ file }: Module, span: Span, project: Project): string =>
  project.index.read(file)?.slice(...span) ?? "";

/** The one construction in the same module of whatever is, or is inside of, the value. */
function madeOf({ subject, fn, wrapping }: Reliance, evaluator: Evaluator): Call | undefined {
  const all = [...wrapping.inner, ...evaluator.of(subject, fn).filter((h) => !wrappingOf(h, evaluator))];
  const calls = new Set(all.map((h) => (h.is === "instance" || h.is === "foreign" ? h.call : undefined)));
  const [call, ...more] = calls;
  return call && more.length === 0 && all.every((h) => "fn" in h && h.fn?.module === fn.module)
    ? call
    : undefined;
}
