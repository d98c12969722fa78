import { isClosing, soundsLikeFlush } from "../flow/names.js";
import type { Call, Expr, Fn } from "../syntax/ir.js";
import type { Project } from "./project.js";
import { isProducerModule } from "./producers.js";

/** Whether a call of an ending is of something that the program does not show and that may flush telemetry. Only ever silences. */
export function mayFlush({ call, fn }: { call: Call; fn: Fn }, project: Project): boolean {
  const { callee } = call;
  if (callee.k === "fn") return false;
  const values = project.values.callee(callee, fn.module);
  if (values.some((v) => v.v === "fn" || v.v === "exit" || v.v === "member" || v.v === "sdk")) return false;
  const packaged = values.find((v) => v.v === "package");
  if (packaged?.v === "package")
    return !isProducerModule(packaged.specifier) && !isBuiltin(packaged.specifier) && closes(call, fn);
  if (values.some((v) => v.v === "global")) return false;
  // a function out of a list, a parameter or a container: anything may be behind it
  if (callee.k === "id") return callee.bind !== undefined && callee.bind.kind !== "import";
  return closes(call, fn) || isElement(callee);
}

/** By its words: `lifecycle.shutdown()`, `container.dispose()`. */
const closes = (call: Call, fn: Fn): boolean =>
  isClosing(call) || soundsLikeFlush(call.callee, fn.module.file);

const isElement = (callee: Expr): boolean => callee.k === "mem" && callee.p === undefined;

const isBuiltin = (specifier: string): boolean =>
  specifier.startsWith("node:") || /^(https?|http2|net|fs|events|cluster|timers|util|stream)(\/|$)/.test(specifier);
