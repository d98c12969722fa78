import { isClosing, soundsLikeFlush } from "../flow/names.js";
import { arrayMethods } from "../knowledge/process.js";
import type { Call, Expr, Fn } from "../syntax/ir.js";
import type { Project } from "./project.js";
import { isProducerModule } from "./producers.js";

/** Whether a call of an ending is of something that the program does not show and that may flush telemetry. Only ever silences. */
export function mayFlush({ call, fn }: { call: Call; fn: Fn }, project: Project): boolean {
  const { callee } = call;
  if (callee.k === "fn" || (callee.k === "mem" && callee.p === "unref")) return false;
  const values = project.values.callee(callee, fn.module);
  if (values.some((v) => v.v === "fn" || v.v === "exit" || v.v === "member" || v.v === "sdk")) return false;
  const packaged = values.find((v) => v.v === "package");
  if (packaged?.v === "package") {
    const { specifier } = packaged;
    if (isProducerModule(specifier) || isBuiltin(specifier)) return false;
    // what others publish closes its own: a pool, a queue
    const own = callee.k === "id" || isInHouse(specifier, fn, project);
    return own ? closes(call, fn) : soundsLikeFlush(callee, fn.module.file);
  }
  if (values.some((v) => v.v === "global")) return false;
  // a function out of a list, a parameter or a container: anything may be behind it
  if (callee.k === "id") return callee.bind !== undefined && callee.bind.kind !== "import";
  return (closes(call, fn) && !isStore(callee)) || isElement(callee) || isOfElement(callee, fn);
}

/** Names of what closes without telemetry in it. */
const STORES =
  /^(db|database|sequelize|prisma|redis|ioredis|mongo|mongoose|knex|pool|postgres|mysql|sqlite|typeorm|datasource)$/i;

/** Said to be a store: `db.sequelize.close()`. */
function isStore(callee: Expr): boolean {
  for (let e = callee.k === "mem" ? callee.o : undefined; e; e = e.k === "mem" ? e.o : undefined) {
    const name = e.k === "mem" ? e.p : e.k === "id" ? e.name : undefined;
    if (name !== undefined && STORES.test(name)) return true;
  }
  return false;
}

/** By its words: `lifecycle.shutdown()`, `container.dispose()`. */
const closes = (call: Call, fn: Fn): boolean =>
  isClosing(call) || soundsLikeFlush(call.callee, fn.module.file);

const isElement = (callee: Expr): boolean => callee.k === "mem" && callee.p === undefined;

/** `handlers.map((handler) => handler.run())`, where nothing is known of the list. */
const isOfElement = (callee: Expr, fn: Fn): boolean => {
  const bind = callee.k === "mem" && callee.o.k === "id" ? callee.o.bind : undefined;
  return (
    bind?.param !== undefined &&
    fn.module.calls.some(
      ({ call }) =>
        call.callee.k === "mem" &&
        arrayMethods.includes(call.callee.p ?? "") &&
        call.args.some((a) => a.k === "fn" && a.fn === bind.param?.fn),
    )
  );
};

/** In the scope of the packages of the project itself, or of its aliases. */
function isInHouse(specifier: string, fn: Fn, project: Project): boolean {
  if (/^[.#~]|^@\//.test(specifier)) return true;
  const scope = /^@[^/]+\//.exec(specifier)?.[0];
  return (
    scope !== undefined && project.index.packageOf(fn.module.file)?.json?.name?.startsWith(scope) === true
  );
}

const isBuiltin = (specifier: string): boolean =>
  specifier.startsWith("node:") ||
  /^(https?|http2|net|fs|events|cluster|timers|util|stream)(\/|$)/.test(specifier);
