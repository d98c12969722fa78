import type { Call, Fn, Module } from "../syntax/ir.js";
import { attemptsOf, type Attempt } from "../syntax/parts.js";
import { crashCover } from "./covered.js";
import type { CrashLoss } from "../program/details.js";
import type { Project } from "../program/project.js";
import type { Run } from "../program/program.js";
import { says } from "../program/says.js";
import { callsIn, tellsIn } from "./telling.js";

const LEAVES = /^(add|leave)Breadcrumb$/;
const LEFT = /\b(add|leave)Breadcrumb\b/;
const LOG = /^(error|fatal|critical)$/;

/**
 * A `catch` that speaks of an error and leaves a breadcrumb: a breadcrumb is sent along with the next report only, so nobody is told
 * of this one.
 */
export function breadcrumbsOnly(run: Run, project: Project): CrashLoss[] {
  const [reporter] = crashCover(run, project).reporters;
  if (!reporter) return [];
  return [...run.files].flatMap((file) => {
    if (!says(file, LEFT, project) || project.index.isTest(file)) return [];
    const module = project.module(file);
    return (module ? attemptsIn(module) : []).flatMap(({ attempt, fn }) => {
      const call = breadcrumbOf(attempt, fn, run, project);
      const { vendor, start } = reporter;
      return call
        ? [
            {
              kind: "crash-loss",
              shape: "breadcrumb",
              vendor,
              start,
              fn,
              call,
              at: call.at,
              attempt,
            } as const,
          ]
        : [];
    });
  });
}

const attemptsIn = (module: Module): { attempt: Attempt; fn: Fn }[] =>
  [module.top, ...module.fns].flatMap((fn) => attemptsOf(fn.body).map((attempt) => ({ attempt, fn })));

function breadcrumbOf(attempt: Attempt, fn: Fn, run: Run, project: Project): Call | undefined {
  const body = attempt.handler ?? [];
  const calls = callsIn(body, fn);
  const breadcrumb = calls.find((c) => LEAVES.test(nameOf(c)));
  if (!breadcrumb || !(saysError(breadcrumb) || calls.some((c) => LOG.test(nameOf(c))))) return undefined;
  const rest = body.filter((s) => !calls.some((c) => LOG.test(nameOf(c)) && s.s === "expr" && s.e === c));
  return tellsIn({ body: rest, fn, given: attempt.caught }, run, project) === "swallows"
    ? breadcrumb
    : undefined;
}

/** `addBreadcrumb({ level: "error" })`. */
const saysError = ({ args }: Call): boolean =>
  args.some(
    (a) =>
      a.k === "obj" &&
      a.props.some((p) => p.name === "level" && p.value.k === "lit" && LOG.test(String(p.value.v))),
  );

const nameOf = ({ callee }: Call): string =>
  callee.k === "mem" ? (callee.p ?? "") : callee.k === "id" ? callee.name : "";
