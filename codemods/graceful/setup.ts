import type { Project } from "../../src/program/project.js";
import type { Fn } from "../../src/syntax/ir.js";
import { registrationMethods } from "../../src/knowledge/process.js";
import type { Draft } from "./draft.js";
import { exportedName } from "./exported.js";
import type { Home } from "./home.js";
import { importFrom } from "./importing.js";

/** A function that only has to be called to listen for signals. */
export const registersListeners = (fn: Fn): boolean =>
  fn.module.calls.some(
    ({ call: { callee, args, at } }) =>
      fn.at[0] <= at[0] &&
      at[1] <= fn.at[1] &&
      callee.k === "mem" &&
      callee.o.k === "id" &&
      callee.o.name === "process" &&
      registrationMethods.includes(callee.p ?? "") &&
      args[0]?.k === "lit" &&
      String(args[0].v).startsWith("SIG"),
  );

/** Calls it behind what a file serves; what it takes can only be the server. */
export function callSetUp(draft: Draft, home: Home, fn: Fn, project: Project): boolean {
  const { page, servers } = home;
  const [server] = servers;
  const bind = fn.module.bindings.find((b) => b.values.some((v) => v.k === "fn" && v.fn === fn));
  if (!bind || !server || servers.length !== 1 || fn.params.length > 1) return false;
  const exported = exportedName(fn.module, bind);
  const own = home.module === fn.module;
  const imported =
    exported && !own ? importFrom(project, page, fn.module, exported.name, exported.local) : undefined;
  if (!own && !imported) return false;
  draft.add(server.edits);
  draft.add(imported?.edits ?? []);
  const given = fn.params.length === 1 ? server.name : "";
  draft.behind(page, server.behind, [`${imported?.local ?? bind.name}(${given})${page.style.semicolon}`]);
  return true;
}
