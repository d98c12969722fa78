import type { Edit, Repair } from "../src/finding.js";
import type { Project } from "../src/program/project.js";
import type { RunReport } from "../src/program/view.js";
import type { Fn } from "../src/syntax/ir.js";
import type { Node } from "../src/syntax/parse.js";
import { insertBefore } from "./edit/insert.js";
import { child, list, openSource, type Source } from "./edit/source.js";
import { awaiting, useOf } from "./exit/awaiting.js";
import { chained } from "./exit/chain.js";
import { exitCodeInstead } from "./exit/finally.js";
import { floatingBefore } from "./exit/floating.js";
import { passedExit, waitingCallback } from "./exit/passed.js";
import { type Site, siblingsOf, siteOf } from "./exit/site.js";
import { chooseFlush, type Flush } from "./flush/choose.js";
import { type Lost, lostAt } from "./flush/loss.js";

/**
 * Waits for a flush before the exit of a report: awaits the one that is already there, lets a `finally` run, or adds one.
 * Undefined where nothing can be flushed from there, or nobody can wait.
 */
export function repairNoExitBeforeFlush(report: RunReport, project: Project): Repair | undefined {
  const source = openSource(project, report.module.file);
  const lost = lostAt(project, report.hit);
  const node = report.call && source?.at(report.call.at, "CallExpression");
  if (!source || !lost || !report.call || !node) return undefined;
  const isExit = project.values.of(report.call.callee, report.module).some((v) => v.v === "exit");
  if (!isExit) return repairPassed(project, report, source, lost, node);
  const site = siteOf(source, node);
  if (!site) return undefined;
  const instead = exitCodeInstead(project, site, report.hit, lost.vendor);
  if (instead) return repair("review", "Set process.exitCode, so that the flush in finally runs", instead);
  return awaitFloating(project, site, lost) ?? addFlush(project, report, site, lost);
}

const repair = (level: Repair["level"], title: string, edits: Edit[]): Repair => ({ level, title, edits });

/** The flush is there; the exit has to wait for it. */
function awaitFloating(project: Project, site: Site, lost: Lost): Repair | undefined {
  const floating = floatingBefore(project, site, lost.vendor);
  if (!floating) return undefined;
  const { source, fn } = site;
  const { statement } = floating;
  const isAsync = fn?.async === true || (!fn && awaiting(project, source, fn) !== undefined);
  const use = fn && useOf(project, source, fn);
  if (!isAsync && (floating.toCallback || use !== "settles")) {
    const edits = chained(project, site, floating, floating);
    if (edits) return repair(use === "named" ? "review" : "safe", "Exit once the flush has ended", edits);
  }
  const ability = awaiting(project, source, fn);
  if (!ability) return undefined;
  const semicolon = source.text[statement.end - 1] === ";" ? ";" : "";
  const edits = [
    ...ability.edits,
    source.replace(statement.start, statement.end, `await ${floating.awaited}${semicolon}`),
  ];
  return repair(ability.safe ? "safe" : "review", "Wait for the flush before the exit", edits);
}

/** Nothing flushes there yet. */
function addFlush(project: Project, report: RunReport, site: Site, lost: Lost): Repair | undefined {
  const { source, fn, node } = site;
  if (isAfterDrop(project, site)) return undefined;
  const flush = chooseFlush(project, source, node, lost, functionsAround(report));
  if (!flush || isAwaitedBefore(site, flush)) return undefined;
  const title = titleOf(flush, lost);
  if (flush.toCallback && fn?.async !== true) {
    const edits = chained(project, site, flush, undefined);
    if (edits) return repair("review", title, [...flush.edits, ...edits]);
  }
  const ability = awaiting(project, source, fn);
  if (ability) {
    const edits = [...flush.edits, ...ability.edits, ...insertBefore(site, `await ${flush.awaited}`)];
    return repair(ability.safe && flush.edits.length === 0 ? "safe" : "review", title, edits);
  }
  const edits = chained(project, site, flush, undefined);
  return edits && repair("review", title, [...flush.edits, ...edits]);
}

function repairPassed(
  project: Project,
  report: RunReport,
  source: Source,
  lost: Lost,
  node: Node,
): Repair | undefined {
  const passed = report.call && passedExit(project, source, report.call, node);
  const flush = passed && chooseFlush(project, source, node, lost, functionsAround(report));
  if (!passed || !flush) return undefined;
  const edits = [...flush.edits, waitingCallback(passed, `await ${flush.awaited}`)];
  return repair(flush.edits.length === 0 ? "safe" : "review", titleOf(flush, lost), edits);
}

function titleOf({ awaited }: Flush, { vendor }: Lost): string {
  if (awaited.startsWith("new Promise")) return `Wait for ${vendor.name} to flush before the exit`;
  return `Wait for ${awaited.replace(/\??\.catch\(console\.error\)$/, "")} before the exit`;
}

/** The function has waited for the same already; to do it again would help nobody. */
function isAwaitedBefore({ source, node }: Site, { awaited }: Flush): boolean {
  const bare = `await ${awaited.replace(/\??\.catch\(console\.error\)$/, "")}`;
  for (let at: Node | undefined = node; at; at = source.parentOf(at)) {
    const before = siblingsOf(source, at) ?? [];
    if (
      before
        .slice(0, before.indexOf(at))
        .some((s) => s.type === "ExpressionStatement" && source.textOf(s).startsWith(bare))
    )
      return true;
  }
  return false;
}

/** The functions in which the exit stands, and those that led there. */
function functionsAround(report: RunReport): Set<Fn> {
  const around = new Set(report.hit.stack.map((s) => s.fn));
  for (let fn: Fn | undefined = report.fn; fn; fn = fn.parent) around.add(fn);
  around.delete(report.fn);
  return around.add(report.fn);
}

/** A call before the exit throws away what is buffered: there is nothing left to flush. */
function isAfterDrop(project: Project, { source, node }: Site): boolean {
  const siblings = siblingsOf(source, node) ?? [];
  const module = project.module(source.file);
  return siblings.slice(0, siblings.indexOf(node)).some((s) => {
    const e = child(s, "expression");
    const call = e?.type === "AwaitExpression" ? child(e, "argument") : e;
    if (!module || call?.type !== "CallExpression" || list(call, "arguments").length > 1) return false;
    const known = module.calls.find((c) => c.call.at[0] === call.start && c.call.at[1] === call.end);
    return (
      known !== undefined &&
      project.values
        .of(known.call.callee, module)
        .some((v) =>
          v.v === "member"
            ? v.member.facts.role === "drop"
            : v.v === "sdk" && v.sdk.is === "call" && v.sdk.facts.role === "drop",
        )
    );
  });
}
