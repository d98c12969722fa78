import type { Binding, Cls, Expr, Fn, Module, Span, Stmt } from "../../syntax/ir.js";
import { listsOf } from "../../syntax/parts.js";
import { expressionsIn } from "../walk.js";

/** An assignment to a variable or field: the value, where it stands, and the function that makes it. */
export interface Assigned {
  e: Expr;
  at: Span;
  fn: Fn;
}

/** A place at which something is read. */
export interface Read {
  at: Span;
  fn: Fn;
}

/** The assignments of a module, by variable, and by the value for those to fields; and the names of its functions. */
interface Written {
  vars: Map<Binding, Assigned[]>;
  values: Map<Expr, Assigned>;
  names: Map<Fn, Binding>;
}

const known = new WeakMap<Module, Written>();

function writtenIn(module: Module): Written {
  let written = known.get(module);
  if (written) return written;
  written = { vars: new Map(), values: new Map(), names: new Map() };
  for (const { e, fn } of expressionsIn(module)) {
    const named = e.k === "id" ? e.bind : undefined;
    for (const value of named?.values ?? [])
      if (named && value.k === "fn") written.names.set(value.fn, named);
    if (e.k !== "set") continue;
    const assigned = { e: e.e, at: e.at, fn };
    written.values.set(e.e, assigned);
    if (e.to.k !== "id" || !e.to.bind) continue;
    const before = written.vars.get(e.to.bind);
    if (before) before.push(assigned);
    else written.vars.set(e.to.bind, [assigned]);
  }
  known.set(module, written);
  return written;
}

/** Every assignment to a variable; what destructuring hands it counts as made where it is declared. */
export function assignedTo(bind: Binding): Assigned[] {
  const found = writtenIn(bind.owner.module).vars.get(bind) ?? [];
  const values = new Set(found.map(({ e }) => e));
  const rest = bind.values.filter((e) => !values.has(e));
  return [...rest.map((e) => ({ e, at: bind.at, fn: bind.owner })), ...found];
}

/** Every assignment to a field of a class that the class makes itself. */
export function assignedToField(cls: Cls, name: string): Assigned[] {
  const { values } = writtenIn(cls.module);
  return (cls.members.get(name)?.values ?? []).map(
    (e) => values.get(e) ?? { e, at: [cls.at[0], cls.at[0]], fn: cls.ctor ?? cls.module.top },
  );
}

/** A statement on the way to a place, the list that it stands in, and which of its own lists leads on. */
export interface Step {
  list: readonly Stmt[];
  index: number;
  stmt: Stmt;
  /** The list inside the statement that holds the place; undefined when an expression of it does. */
  into: readonly Stmt[] | undefined;
}

export const contains = (outer: Span, inner: Span): boolean => outer[0] <= inner[0] && inner[1] <= outer[1];

/** The statements of a function around a place, the outermost first. */
export function stepsTo(body: readonly Stmt[], at: Span): Step[] {
  const around = body.filter((s) => contains(s.at, at));
  const leading = (s: Stmt): readonly Stmt[] | undefined =>
    listsOf(s).find((list) => list.some((inner) => contains(inner.at, at)));
  // `for (const x of list)` is lowered to two statements with the same span
  const stmt = around.find((s) => leading(s) !== undefined) ?? around[0];
  if (!stmt) return [];
  const into = leading(stmt);
  const index = body.indexOf(stmt);
  return [{ list: body, index, stmt, into }, ...(into ? stepsTo(into, at) : [])];
}

/** Whether statements leave their list for good. */
export function leaves(list: readonly Stmt[]): boolean {
  const last = list.at(-1);
  if (last?.s === "block") return leaves(last.body);
  if (last?.s === "if" && last.else) return leaves(last.then) && leaves(last.else);
  return last !== undefined && ["return", "throw", "break", "continue"].includes(last.s);
}

/** The assignments that a read can see, and whether one of them is made in every case. */
export interface Seen {
  assigned: readonly Assigned[];
  always: boolean;
}

/**
 * Which assignments a read can see. What stands before it in every case hides the earlier ones, what stands in another branch
 * is not seen, and what another function assigns is seen unless the read's own function assigned before.
 */
export function seenBy(all: readonly Assigned[], read: Read): Seen {
  const own = all.filter(({ fn }) => fn === read.fn);
  if (own.length === 0) return { assigned: all.filter((a) => !runsBefore(read.fn, a)), always: false };
  const path = stepsTo(read.fn.body, read.at);
  const seen: Assigned[] = [];
  for (const assigned of [...own].reverse()) {
    const how = meets(assigned, read, path);
    if (how !== "never") seen.unshift(assigned);
    if (how === "always") return { assigned: seen, always: true };
  }
  return { assigned: [...all.filter(({ fn }) => fn !== read.fn), ...seen], always: false };
}

/** Whether a read sees an assignment of its own function: in every case, maybe, or never. */
function meets(assigned: Assigned, read: Read, path: readonly Step[]): "always" | "maybe" | "never" {
  const steps = stepsTo(read.fn.body, assigned.at);
  const common = steps.findIndex((step, i) => path[i]?.stmt !== step.stmt || path[i].into !== step.into);
  const shared = common < 0 ? steps : steps.slice(0, common);
  const looped = shared.some(({ stmt, into }) => stmt.s === "loop" && into !== undefined);
  if (assigned.at[1] > read.at[0]) return looped && steps.length > 0 ? "maybe" : "never";
  // a parameter, or a variable that is declared without a statement of its own
  if (steps.length === 0) return "maybe";
  const [first, ...inner] = common < 0 ? [] : steps.slice(common);
  if (!first) return "always";
  const other = path[common];
  if (other?.stmt === first.stmt && first.stmt.s === "if" && first.into && other.into) return "never";
  const lists = [first, ...inner].flatMap(({ into }) => (into ? [into] : []));
  if (lists.some(leaves)) return "never";
  return lists.length === 0 && isPlain(first.stmt, assigned) ? "always" : "maybe";
}

/** Whether an assignment is all that its statement does, so that it is not left out under a condition. */
const isPlain = (s: Stmt, { e }: Assigned): boolean => s.s === "expr" && s.e.k === "set" && s.e.e === e;

const NOW = /^(forEach|map|flatMap|filter|find|findIndex|some|every|reduce|reduceRight|sort)$/;

/** Whether a function that stands in the assigning one has run before the assignment in every case. */
function runsBefore(fn: Fn, { fn: owner, at }: Assigned): boolean {
  if (fn === owner || fn.at[1] > at[0]) return false;
  const { module } = fn;
  const inline = module.calls.find(({ call }) => call.args.some((a) => a.k === "fn" && a.fn === fn));
  if (inline) {
    const { callee } = inline.call;
    return inline.fn === owner && callee.k === "mem" && NOW.test(callee.p ?? "");
  }
  const named = writtenIn(module).names.get(fn);
  return (
    named !== undefined &&
    named.uses.length > 0 &&
    named.uses.every((use) => use.fn === owner && use.at[1] < at[0])
  );
}
