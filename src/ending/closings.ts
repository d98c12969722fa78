import { has, State } from "../flow/state.js";
import type { Hit } from "../flow/world.js";
import type { Run } from "../program/program.js";
import type { Binding, Call, Expr } from "../syntax/ir.js";

/** What the handle of a call hangs on: a variable, or a field of the class. */
type Root = { bind: Binding } | { field: string };

function rootOf(call: Call): Root | undefined {
  if (call.callee.k !== "mem") return undefined;
  const { o } = call.callee;
  if (o.k === "id" && o.bind) return { bind: o.bind };
  if (o.k === "mem" && o.o.k === "this" && o.p !== undefined) return { field: o.p };
  return undefined;
}

/** `const logger = provider.getLogger()`: the logger hangs on the provider. */
function madeBy(bind: Binding): Root[] {
  return bind.values.flatMap((v) => {
    const root = v.k === "call" ? rootOf(v) : undefined;
    return root ? [root] : [];
  });
}

const related = (a: Root, b: Root): boolean =>
  same(a, b) || ("bind" in b && madeBy(b.bind).some((r) => same(a, r)));

const same = (a: Root, b: Root): boolean =>
  "bind" in a ? "bind" in b && a.bind === b.bind : "field" in b && a.field === b.field;

const inside = (inner: readonly [number, number], outer: readonly [number, number]): boolean =>
  outer[0] <= inner[0] && inner[1] <= outer[1];

/** An exporter or processor that was handed to what uses it, and is closed in the same breath. */
export function closedPart(hit: Hit): { part: string; use: Call } | undefined {
  const { call, value } = hit;
  if (
    !call ||
    hit.facts?.role !== "close" ||
    value?.v !== "member" ||
    has(hit.states, ~(State.Idle | State.Quiet))
  )
    return undefined;
  const { part } = value.member.cls.facts;
  if (part !== "exporter" && part !== "processor" && part !== "reader") return undefined;
  const root = rootOf(call);
  if (!root || !("bind" in root) || root.bind.owner !== hit.fn) return undefined;
  const use = hit.fn.module.calls.find(
    (c) =>
      c.call !== call &&
      c.fn === hit.fn &&
      c.call.isNew &&
      named(c.call) &&
      c.call.at[0] < call.at[0] &&
      root.bind.uses.some((u) => inside(u.at, c.call.at)),
  );
  return use && { part, use: use.call };
}

/** `new` of something imported, not of a built-in such as `Promise`. */
const named = (call: Call): boolean =>
  call.callee.k === "id" ? call.callee.bind !== undefined : call.callee.k === "mem";

/** A close handed a signal that is aborted already, or no time at all: says which. */
export function overBeforeItBegan(hit: Hit): string | undefined {
  const { call } = hit;
  if (!call) return undefined;
  for (const argument of call.args) {
    if (argument.k !== "obj") continue;
    for (const { name, value } of argument.props) {
      if (name === "signal" && isAborted(hit, call, value)) return "a signal that is already aborted";
      if (name === "timeoutMillis" && value.k === "lit" && typeof value.v === "number" && value.v <= 0)
        return "no time (timeoutMillis: 0)";
    }
  }
  return undefined;
}

function isAborted(hit: Hit, call: Call, signal: Expr): boolean {
  const path = (e: Expr): string =>
    e.k === "mem" ? `${path(e.o)}.${e.p ?? ""}` : e.k === "id" && !e.bind ? e.name : "?";
  if (signal.k === "call") {
    const called = path(signal.callee);
    const [first] = signal.args;
    return (
      called === "AbortSignal.abort" ||
      (called === "AbortSignal.timeout" && first?.k === "lit" && first.v === 0)
    );
  }
  if (signal.k !== "mem" || signal.p !== "signal" || signal.o.k !== "id" || !signal.o.bind) return false;
  const controller = signal.o.bind;
  return hit.fn.module.calls.some(
    (c) =>
      c.fn === hit.fn &&
      c.call.at[1] <= call.at[0] &&
      c.call.callee.k === "mem" &&
      c.call.callee.p === "abort" &&
      c.call.callee.o.k === "id" &&
      c.call.callee.o.bind === controller,
  );
}

/** A terminal close right after a capture, on a handle that outlives the function, in code that runs again. Gives the capture. */
export function closesSharedClient(run: Run, hit: Hit): Call | undefined {
  const { call, captured } = hit;
  if (
    !call ||
    hit.facts?.role !== "close" ||
    hit.facts.reusable ||
    !has(hit.states, State.Captured) ||
    !captured ||
    captured.fn !== hit.fn
  )
    return undefined;
  const root = rootOf(call);
  const other = rootOf(captured.call);
  if (!root || !other || !related(root, other)) return undefined;
  if (hit.stack.some((s) => s.as === "listener" && s.event !== undefined)) return undefined;
  const loops =
    hit.loop !== undefined && hit.loop.guards === hit.guards && inside(captured.call.at, hit.loop.at);
  if (loops && "bind" in root && !inside(root.bind.at, hit.loop?.at ?? [0, 0])) return captured.call;
  const again = hit.stack.some((s) => s.as === "callback" || s.as === "listener" || s.looped);
  const ends = run.hits.some((h) => h.kind === "exit" && h.fn === hit.fn && h.at[0] > hit.at[0]);
  return !ends && again && outlives(root, hit) ? captured.call : undefined;
}

function outlives(root: Root, hit: Hit): boolean {
  if ("field" in root) return hit.fn.kind === "method";
  const { bind } = root;
  if (bind.kind === "param") return false;
  if (bind.owner !== hit.fn) return bind.owner.kind === "module";
  // a local taken from a getter of one shared client
  return bind.values.some((v) => v.k === "call" && !v.isNew && returnsShared(v));
}

function returnsShared(call: Call): boolean {
  const { callee } = call;
  if (callee.k !== "id" || !callee.bind) return false;
  return callee.bind.values.some(
    (v) =>
      v.k === "fn" &&
      v.fn.body.some((s) => s.s === "return" && s.e?.k === "id" && s.e.bind?.owner.kind === "module"),
  );
}
