import type { Edit } from "../../src/finding.js";
import type { Node } from "../../src/syntax/parse.js";
import { list, type Source } from "../edit/source.js";
import { runnersOf } from "../../src/program/runners.js";
import { siblingsOf } from "../exit/site.js";
import type { Mended } from "./runner-catch.js";
import { openAt, type Scene } from "./scene.js";
import type { Spot } from "./tell.js";
import { type App, appOf, isErrorMiddleware, isRoute, usesIn } from "./web-app.js";
import { nestHook } from "./web-nest.js";
import { ownHook } from "./web-own.js";
import { vendorsHook } from "./web-vendors.js";
import { ended, moved } from "./words.js";

/**
 * Gives an app a hook for its failures: that of the SDK where it has one for the framework, else one that tells the SDK and
 * answers as the framework does.
 */
export function addHook(scene: Scene): Mended | undefined {
  const app = appOf(scene);
  if (!app) return undefined;
  const ordered = /^(express|connect) app$/.test(scene.details.runner ?? "");
  const after = ordered ? lastRoute(scene, app) : app.statement;
  if (!after) return undefined;
  const spot: Spot = { source: app.source, module: app.module, node: after, fn: app.fn };
  const hook = vendorsHook(scene, spot, app) ?? nestHook(scene, app) ?? ownHook(scene, spot, app);
  return hook && { safe: false, edits: [...hook.edits, put(app.source, after, hook.statement)] };
}

/** Behind a statement; what takes several lines stands by itself. */
function put(source: Source, after: Node, statement: string): Edit {
  const indent = source.indentAt(after.start);
  const text = moved(ended(statement, source.style.semicolon), indent).slice(indent.length);
  const isLong = statement.includes("\n");
  const gap = isLong || source.textOf(after).includes("\n") ? "\n\n" : "\n";
  const below = source.text.slice(after.end).split("\n", 2)[1] ?? "";
  const rest = isLong && !/^\s*($|[})])/.test(below) ? "\n" : "";
  return source.insert(after.end, `${gap}${indent}${text}${rest}`);
}

/**
 * The statement behind which no route is added any more, where all routes are added in one list of statements: that in which the
 * app is made, or that in which it starts to listen.
 */
function lastRoute(scene: Scene, app: App): Node | undefined {
  const { source, name, siblings, statement } = app;
  const here = siblings.slice(siblings.indexOf(statement) + 1);
  const route = here.findLast((s) => isRoute(source, s, name));
  // what fails in front of an error middleware ends there, and never comes to the hook
  const before = route ? here.slice(0, here.indexOf(route)) : [];
  if (before.some((s) => usesIn(source, s, name).some((c) => isErrorMiddleware(source, c)))) return undefined;
  if (route) return isRoutedElsewhere(scene, app) ? undefined : route;
  return undefined;
}

/** Some route is added by another function that is not called from the list of statements in which the app is made. */
function isRoutedElsewhere({ details, project, lost }: Scene, { source, fn, name, siblings }: App): boolean {
  const runners = runnersOf(lost.run, project).filter((r) => r.facts.name === details.runner && r.fn === fn);
  const handed = siblings.some((s) => usesIn(source, s, name).length === 0 && isRoute(source, s, name));
  return !handed && runners.some((r) => r.jobs.some((j) => j.sure && j.fn !== fn && j.fn.parent !== fn));
}

/** Before the error middleware of the program, the one of the SDK; undefined for other hooks, and where the SDK has none. */
export function addBeforeMiddleware(scene: Scene): Mended | undefined {
  const { details } = scene;
  const opened = openAt(scene, details.fn);
  const call = details.call && opened?.source.at(details.call.at, "CallExpression");
  if (!opened || !call || !/^(express|connect) app$/.test(details.runner ?? "")) return undefined;
  const { source, module } = opened;
  const statement = source.parentOf(call);
  const siblings = statement?.type === "ExpressionStatement" ? siblingsOf(source, statement) : undefined;
  const [only, more] = list(call, "arguments");
  const [use, second] = statement ? usesOfAny(source, statement) : [];
  if (!statement || !siblings || !only || more || !use || second || !source.isFirstOnLine(statement.start))
    return undefined;
  const name = use;
  const own = siblings.slice(siblings.indexOf(statement) + 1);
  if (own.some((s) => isRoute(source, s, name))) return undefined;
  const spot: Spot = { source, module, node: statement, fn: details.fn };
  const hook = vendorsHook(scene, spot, { name });
  if (!hook) return undefined;
  const indent = source.indentAt(statement.start);
  const text = `${ended(hook.statement, source.style.semicolon)}\n${indent}`;
  return { safe: false, edits: [...hook.edits, source.insert(statement.start, text)] };
}

/** What the methods are called on that a statement calls, once for each. */
function usesOfAny(source: Source, statement: Node): string[] {
  const text = /^([\w$]+(?:\.[\w$]+)?)\.use\(/.exec(source.textOf(statement))?.[1];
  return text === undefined ? [] : usesIn(source, statement, text).map(() => text);
}
