import { lowerExpr, lowerFunction, propertyName } from "./expressions.js";
import type { Cls, Expr, Fn, Member, Span } from "./ir.js";
import { Context, lowerType, newFn } from "./lower.js";
import type { Node } from "./parse.js";
import { declareBlock, Scope } from "./scope.js";
import { lowerBody } from "./statements.js";

const spanOf = (node: Node): Span => [node.start, node.end];

export function memberOf(cls: Cls, name: string, at: Span, isStatic = false): Member {
  const existing = cls.members.get(name);
  if (existing) return existing;
  const member: Member = { name, isStatic, fn: undefined, values: [], type: [], at };
  cls.members.set(name, member);
  return member;
}

function kindOf(definition: Node): Fn["kind"] {
  if (definition.kind === "constructor") return "constructor";
  return definition.kind === "get" || definition.kind === "set" ? "accessor" : "method";
}

export function lowerClass(context: Context, node: Node, name?: string): Expr & { k: "class" } {
  const id = node.id as Node | null;
  const cls: Cls = {
    name: (id?.name as string | undefined) ?? name,
    superClass: node.superClass ? lowerExpr(context, node.superClass as Node) : undefined,
    members: new Map(),
    ctor: undefined,
    uses: [],
    decorators: ((node.decorators as Node[] | undefined) ?? []).flatMap((d) => decoratorName(d)),
    implemented: ((node.implements as Node[] | undefined) ?? []).flatMap((i) => {
      const e = i.expression as Node;
      return e.type === "Identifier" ? [e.name as string] : [];
    }),
    at: spanOf(node),
    module: context.module,
  };
  context.module.classes.push(cls);
  let inner = context;
  if (id && node.type === "ClassExpression") {
    inner = context.inScope(new Scope(context.scope, context.fn, false));
    inner.scope
      .declare(id.name as string, "class", spanOf(id), true)
      .values.push({ k: "class", cls, at: spanOf(node) });
  }
  const members = (node.body as Node).body as Node[];
  for (const m of members) if (m.type === "MethodDefinition") lowerMember(inner, cls, m);
  for (const m of members) if (m.type !== "MethodDefinition") lowerMember(inner, cls, m);
  return { k: "class", cls, at: spanOf(node) };
}

const decoratorName = (d: Node): string[] => {
  const e = d.expression as Node;
  const callee = e.type === "CallExpression" ? (e.callee as Node) : e;
  return callee.type === "Identifier" ? [callee.name as string] : [];
};

/** `[kDispatch]`: nobody who looks for a name written out finds it by mistake. */
const computedName = (key: Node): string | undefined =>
  key.type === "Identifier" ? `[${key.name as string}]` : undefined;

function lowerMember(context: Context, cls: Cls, m: Node): void {
  const at = spanOf(m);
  if (m.type === "StaticBlock") {
    const fn = newFn(context.module, { kind: "static-block", parent: context.fn, cls, at });
    const scope = new Scope(context.scope, fn, true);
    declareBlock(scope, m.body as Node[]);
    fn.body = lowerBody(new Context(context.module, fn, scope), m.body as Node[]);
    return;
  }
  const name = m.key ? (propertyName(m, m.key as Node) ?? computedName(m.key as Node)) : undefined;
  const value = m.value as Node | null | undefined;
  if (name === undefined) return;
  if (m.type === "MethodDefinition") {
    if (!value?.body) return;
    const fn = lowerFunction(context, value, kindOf(m), name, cls);
    if (m.kind === "constructor") cls.ctor = fn;
    else if (m.kind !== "set") memberOf(cls, name, at, m.static === true).fn = fn;
    return;
  }
  const member = memberOf(cls, name, at, m.static === true);
  member.type.push(...lowerType(context, m.typeAnnotation));
  if (!value) return;
  // a field's initialiser runs in the constructor, with the class's own `this`
  const holder = newFn(context.module, { kind: "constructor", name, parent: context.fn, cls, at });
  const inner = new Context(context.module, holder, new Scope(context.scope, holder, true));
  const e = lowerExpr(inner, value, name);
  holder.body = [{ s: "expr", e, at }];
  if (e.k === "fn") {
    e.fn.cls = cls;
    member.fn = e.fn;
  } else member.values.push(e);
}
