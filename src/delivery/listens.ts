import { expressionsIn } from "../chain/walk.js";
import { runsWith } from "../versions/package-versions.js";
import { listeningOwners } from "../knowledge/owners.js";
import { drainingServers } from "../knowledge/signal-forwarding.js";
import type { Entry } from "../program/index/types.js";
import { manifestPlace } from "../program/manifest-place.js";
import type { Project } from "../program/project.js";
import { registrationsIn } from "../program/registrations.js";
import type { Call, Fn, Module, Span } from "../syntax/ir.js";
import type { Started } from "./follow.js";

/** Where a program says that it does something at the signal. */
export interface Place {
  fn: Fn;
  at: Span;
}

const SIGTERM = /["'`]SIGTERM["'`]/;

/** A listener for SIGTERM in a program that starts no telemetry that we know, its own or one of a library that ends the process. */
export function listensForSigterm(entry: Entry, project: Project): Place | undefined {
  const files = project.index.evaluationOrder(entry);
  for (const file of files) {
    if (!project.index.scan(file).endings || !SIGTERM.test(project.index.read(file) ?? "")) continue;
    const module = project.module(file);
    if (!module) continue;
    const listens = expressionsIn(module).find(({ e }) => e.k === "call" && isListener(e, module, project));
    if (listens) return { fn: listens.fn, at: listens.e.at };
  }
  const owned = registrationsIn({ files: new Set(files) }, project).find(
    ({ kind, owner, call }) =>
      kind === "owner" && listeningOwners.has(owner ?? "") && call !== undefined && mayHear(call),
  );
  return owned?.call && { fn: owned.fn, at: owned.call.at };
}

function isListener({ callee, args }: Call, module: Module, project: Project): boolean {
  if (callee.k !== "mem" || !/^(on|once|addListener)$/.test(callee.p ?? "")) return false;
  const [event] = args;
  return (
    event?.k === "lit" &&
    event.v === "SIGTERM" &&
    project.values.of(callee.o, module).some((v) => v.v === "global" && v.path === "process")
  );
}

/** Libraries hear SIGTERM unless they are told of other signals: `{ signals: ["SIGINT"] }`. */
function mayHear({ args }: Call): boolean {
  const told = args
    .flatMap((e) => (e.k === "obj" ? e.props : []))
    .filter(({ name }) => name === "signals" || name === "signal");
  return told.every(({ value }) =>
    (value.k === "arr" ? value.items : [value]).some((e) => e.k === "lit" && e.v === "SIGTERM"),
  );
}

/** The server of a framework that lets its requests come to an end: where package.json asks for it. */
export function serverThatDrains({ framework, tool }: Started, project: Project): Place | undefined {
  const server = tool === undefined || framework === undefined ? undefined : drainingServers[tool];
  if (!server || framework === undefined) return undefined;
  for (const dir of new Set([framework, ""])) {
    const file = dir === "" ? "package.json" : `${dir}/package.json`;
    const text = project.index.read(file);
    const found = text === undefined ? null : new RegExp(`"${server.package}"\\s*:\\s*"[^"]*"`).exec(text);
    if (!found || text === undefined) continue;
    return runsWith(file, { [server.package]: server.since }, project) === true
      ? { fn: manifestPlace(file, text), at: [found.index, found.index + found[0].length] }
      : undefined;
  }
  return undefined;
}
