import type { Binding, Cls, Expr, Fn, Prop, Span, Stmt } from "./ir.js";
import { Context, lowerType, newFn, typeName } from "./lower.js";
import type { Node } from "./parse.js";
import { declareBlock, declareVars, patternNames, Scope } from "./scope.js";
import { lowerClass, memberOf } from "./classes.js";
import { lowerBody } from "./statements.js";

const spanOf = (node: Node): Span => [node.start, node.end];

/** Type syntax that wraps an expression and changes nothing at run time. */
const TRANSPARENT = new Set([
  "TSAsExpression",
  "TSSatisfiesExpression",
  "TSNonNullExpression",
  "TSTypeAssertion",
  "TSInstantiationExpression",
  "ChainExpression",
  "ParenthesizedExpression",
]);

const CASTS = new Set(["TSAsExpression", "TSTypeAssertion"]);

function noteCast(context: Context, node: Node, e: Expr): void {
  const type = node.typeAnnotation as Node;
  const { fn, module } = context;
  module.casts.push({ e, to: typeName(type), types: lowerType(context, type), fn, at: spanOf(node) });
}

/** @param name the name a function or class expression gets from where it is put */
export function lowerExpr(context: Context, node: Node, name?: string): Expr {
  const at = spanOf(node);
  if (TRANSPARENT.has(node.type)) {
    const e = lowerExpr(context, node.expression as Node, name);
    if (CASTS.has(node.type)) noteCast(context, node, e);
    return e;
  }
  switch (node.type) {
    case "Identifier":
      return node.name === "undefined" && !context.scope.lookup("undefined")
        ? { k: "lit", v: undefined, at }
        : { k: "id", name: node.name as string, bind: context.reference(node.name as string, at), at };
    case "Literal":
      return { k: "lit", v: literal(node.value), at };
    case "TemplateLiteral": {
      const quasis = node.quasis as Node[];
      if (quasis.length === 1) return { k: "lit", v: (quasis[0]?.value as { cooked: string }).cooked, at };
      return { k: "seq", es: (node.expressions as Node[]).map((e) => lowerExpr(context, e)), at };
    }
    case "ThisExpression":
      return { k: "this", cls: enclosingClass(context.fn), at };
    case "Super":
      return { k: "super", cls: enclosingClass(context.fn), at };
    case "MemberExpression": {
      const o = lowerExpr(context, node.object as Node);
      const p = propertyName(node, node.property as Node);
      if (o.k === "this" && p !== undefined) o.cls?.uses.push({ name: p, fn: context.fn });
      return { k: "mem", o, p, optional: node.optional === true, at };
    }
    case "CallExpression":
    case "NewExpression": {
      const call: Expr = {
        k: "call",
        callee: lowerExpr(context, node.callee as Node),
        args: (node.arguments as Node[]).map((a) => lowerExpr(context, a)),
        isNew: node.type === "NewExpression",
        optional: node.optional === true,
        at,
      };
      context.module.calls.push({ call, fn: context.fn });
      return requireAsImport(call, context) ?? call;
    }
    case "ImportExpression": {
      const source = node.source as Node;
      const specifier = typeof source.value === "string" ? source.value : undefined;
      if (specifier !== undefined) context.module.imports.push({ specifier, at, typeOnly: false });
      return {
        k: "import",
        specifier,
        of: specifier === undefined ? lowerExpr(context, source) : undefined,
        at,
      };
    }
    case "ArrowFunctionExpression":
      return { k: "fn", fn: lowerFunction(context, node, "arrow", name), at };
    case "FunctionExpression":
      return { k: "fn", fn: lowerFunction(context, node, "function", name), at };
    case "ClassExpression":
      return lowerClass(context, node, name);
    case "AwaitExpression":
      return { k: "await", e: lowerExpr(context, node.argument as Node), at };
    case "AssignmentExpression": {
      const value = lowerExpr(context, node.right as Node, assignedName(node.left as Node));
      return assignPattern(context, node.left as Node, value, at, node.operator as string);
    }
    case "ConditionalExpression":
      return {
        k: "cond",
        test: lowerExpr(context, node.test as Node),
        then: lowerExpr(context, node.consequent as Node, name),
        else: lowerExpr(context, node.alternate as Node, name),
        at,
      };
    case "LogicalExpression":
      return {
        k: "logic",
        op: node.operator as "&&" | "||" | "??",
        l: lowerExpr(context, node.left as Node),
        r: lowerExpr(context, node.right as Node, name),
        at,
      };
    case "ObjectExpression":
      return { k: "obj", props: (node.properties as Node[]).map((p) => lowerProperty(context, p)), at };
    case "ArrayExpression":
      return {
        k: "arr",
        items: (node.elements as (Node | null)[]).flatMap((e) => (e ? [lowerExpr(context, e)] : [])),
        at,
      };
    case "SpreadElement":
      return { k: "spread", e: lowerExpr(context, node.argument as Node), at };
    case "UnaryExpression": {
      const e = lowerExpr(context, node.argument as Node);
      if (node.operator === "!") return { k: "not", e, at };
      if (node.operator === "void") return { k: "void", e, at };
      if (node.operator === "-" && e.k === "lit" && typeof e.v === "number") return { k: "lit", v: -e.v, at };
      return { k: "seq", es: [e], at };
    }
    case "BinaryExpression": {
      const op = node.operator as string;
      const l = lowerExpr(context, node.left as Node);
      const r = lowerExpr(context, node.right as Node);
      return /^([!=]==?|instanceof|in|[<>]=?)$/.test(op)
        ? { k: "cmp", op, l, r, at }
        : { k: "seq", es: [l, r], at };
    }
    case "SequenceExpression":
      return { k: "seq", es: (node.expressions as Node[]).map((e) => lowerExpr(context, e)), at };
    case "YieldExpression":
      return { k: "seq", es: node.argument ? [lowerExpr(context, node.argument as Node)] : [], at };
    default:
      return { k: "seq", es: childExpressions(context, node), at };
  }
}

const literal = (v: unknown): string | number | boolean | null | undefined =>
  typeof v === "string" || typeof v === "number" || typeof v === "boolean" || v === null ? v : undefined;

export function propertyName(owner: Node, key: Node): string | undefined {
  if (key.type === "PrivateIdentifier") return `#${key.name as string}`;
  if (owner.computed !== true && key.type === "Identifier") return key.name as string;
  // `[Symbol.asyncDispose]`
  const of = key.type === "MemberExpression" ? (key.object as Node) : undefined;
  if (of?.type === "Identifier" && of.name === "Symbol" && key.computed !== true)
    return `@@${(key.property as Node).name as string}`;
  return key.type === "Literal" && (typeof key.value === "string" || typeof key.value === "number")
    ? String(key.value)
    : undefined;
}

const assignedName = (left: Node): string | undefined =>
  left.type === "Identifier"
    ? (left.name as string)
    : left.type === "MemberExpression"
      ? propertyName(left, left.property as Node)
      : undefined;

/** `require("x")` with the real `require` is an import of the whole module. */
function requireAsImport(call: Expr & { k: "call" }, context: Context): Expr | undefined {
  const [first] = call.args;
  if (call.isNew || call.callee.k !== "id" || call.callee.name !== "require") return undefined;
  if (first?.k !== "lit" || typeof first.v !== "string") return undefined;
  const bind = call.callee.bind;
  if (
    bind &&
    !bind.values.some((v) => v.k === "call" && v.callee.k === "id" && v.callee.name === "createRequire")
  )
    return undefined;
  context.module.imports.push({ specifier: first.v, at: call.at, typeOnly: false });
  return { k: "import", specifier: first.v, of: undefined, at: call.at };
}

/** Expressions inside nodes that have no form of their own (markup, arithmetic, templates). */
function childExpressions(context: Context, node: Node): Expr[] {
  const found: Expr[] = [];
  for (const key in node) {
    if (key === "type" || key === "start" || key === "end" || key === "parent" || key.startsWith("type"))
      continue;
    const value = node[key];
    for (const child of Array.isArray(value) ? value : [value]) {
      const n = child as Node | null;
      if (!n || typeof n !== "object" || typeof n.type !== "string") continue;
      if (n.type === "Identifier" || n.type.startsWith("JSXIdent") || n.type.startsWith("TS")) {
        if (n.type === "Identifier" && key !== "label") found.push(lowerExpr(context, n));
      } else found.push(lowerExpr(context, n));
    }
  }
  return found;
}

function lowerProperty(context: Context, p: Node): Prop {
  if (p.type === "SpreadElement") return { name: undefined, value: lowerExpr(context, p) };
  const name = propertyName(p, p.key as Node);
  return { name, value: lowerExpr(context, p.value as Node, name) };
}

/** Writes `value` to a pattern; destructuring becomes member access on the value. */
export function assignPattern(context: Context, pattern: Node, value: Expr, at: Span, op = "="): Expr {
  if (TRANSPARENT.has(pattern.type)) return assignPattern(context, pattern.expression as Node, value, at, op);
  if (pattern.type === "Identifier") {
    const bind = context.scope.lookup(pattern.name as string);
    bind?.values.push(value);
    return {
      k: "set",
      to: { k: "id", name: pattern.name as string, bind, at: spanOf(pattern) },
      e: value,
      op,
      at,
    };
  }
  if (pattern.type === "MemberExpression") {
    const to = lowerExpr(context, pattern);
    if (to.k === "mem" && to.o.k === "this" && to.p !== undefined && to.o.cls)
      memberOf(to.o.cls, to.p, at).values.push(value);
    return { k: "set", to, e: value, op, at };
  }
  bindPattern(context, pattern, value);
  return { k: "seq", es: [value], at };
}

function bindPattern(context: Context, pattern: Node, value: Expr): void {
  switch (pattern.type) {
    case "Identifier":
      context.scope.lookup(pattern.name as string)?.values.push(value);
      return;
    case "AssignmentPattern":
      bindPattern(context, pattern.left as Node, value);
      return;
    case "ObjectPattern":
      for (const p of pattern.properties as Node[]) {
        if (p.type !== "Property") continue;
        const name = propertyName(p, p.key as Node);
        bindPattern(context, p.value as Node, {
          k: "mem",
          o: value,
          p: name,
          optional: false,
          at: spanOf(p),
        });
      }
      return;
    case "ArrayPattern":
      (pattern.elements as (Node | null)[]).forEach((e, i) => {
        if (!e || e.type === "RestElement") return;
        const source = value.k === "await" ? value.e : value;
        const direct = source.k === "arr" ? source.items[i] : undefined;
        const all = source.k === "call" && source.args[0]?.k === "arr" ? source.args[0].items[i] : undefined;
        bindPattern(
          context,
          e,
          direct ?? all ?? { k: "mem", o: value, p: String(i), optional: false, at: spanOf(e) },
        );
      });
      return;
  }
}

export function enclosingClass(fn: Fn | undefined): Cls | undefined {
  for (let f = fn; f; f = f.parent) {
    if (f.cls && f.kind !== "arrow") return f.cls;
    if (f.cls && f.kind === "arrow") return f.cls;
    if (f.kind !== "arrow") return undefined;
  }
  return undefined;
}

export function lowerFunction(outer: Context, node: Node, kind: Fn["kind"], name?: string, cls?: Cls): Fn {
  const { module } = outer;
  const id = node.id as Node | null | undefined;
  const fn = newFn(module, {
    name: (id?.name as string | undefined) ?? name,
    kind,
    async: node.async === true,
    generator: node.generator === true,
    parent: outer.fn,
    cls,
    at: spanOf(node),
    bodyAt: spanOf((node.body as Node | null) ?? node),
  });
  const scope = new Scope(outer.scope, fn, true);
  const context = new Context(module, fn, scope);
  if (id && kind === "function" && node.type === "FunctionExpression") {
    scope
      .declare(id.name as string, "function", spanOf(id), true)
      .values.push({ k: "fn", fn, at: spanOf(node) });
  }
  const defaults: Stmt[] = [];
  (node.params as Node[])
    .filter((p) => !isThisType(p))
    .forEach((p, index) => lowerParam(context, p, index, defaults));
  fn.returnType = lowerType(context, node.returnType);
  const body = node.body as Node | null;
  if (!body) return fn;
  if (body.type === "BlockStatement") {
    const statements = body.body as Node[];
    declareVars(scope, statements);
    declareBlock(scope, statements);
    fn.body = [...defaults, ...lowerBody(context, statements)];
  } else {
    fn.concise = true;
    fn.body = [...defaults, { s: "return", e: lowerExpr(context, body), at: spanOf(body) }];
  }
  return fn;
}

/** `this: Type` in front of the parameters of TypeScript says a type and takes no argument. */
const isThisType = (p: Node): boolean => p.type === "Identifier" && p.name === "this";

function lowerParam(context: Context, p: Node, index: number, defaults: Stmt[]): void {
  const { fn, scope } = context;
  let pattern = p.type === "TSParameterProperty" ? (p.parameter as Node) : p;
  let fallback: Node | undefined;
  if (pattern.type === "AssignmentPattern") {
    fallback = pattern.right as Node;
    pattern = pattern.left as Node;
  }
  const types = lowerType(context, pattern.typeAnnotation);
  fn.paramTypes[index] = types;
  if (pattern.type === "RestElement") fn.rest = true;
  const bindings: Binding[] = [];
  for (const n of patternNames(pattern)) {
    const binding = scope.declare(n.name as string, "param", spanOf(n));
    const path = pattern.type === "ObjectPattern" ? (pathTo(pattern, n) ?? []) : [];
    binding.param = { fn, index, path };
    if (pattern.type === "Identifier") binding.type.push(...types);
    bindings.push(binding);
  }
  fn.params[index] = bindings;
  if (fallback) {
    const e = lowerExpr(context, fallback);
    if (bindings.length === 1 && pattern.type === "Identifier") bindings[0]?.values.push(e);
    defaults.push({ s: "expr", e, at: spanOf(fallback) });
  }
  if (p.type === "TSParameterProperty" && fn.cls && bindings[0]) {
    const member = memberOf(fn.cls, bindings[0].name, spanOf(p));
    member.type.push(...types);
    member.values.push({ k: "id", name: bindings[0].name, bind: bindings[0], at: spanOf(p) });
  }
}

function pathTo(pattern: Node, target: Node): string[] | undefined {
  if (pattern === target) return [];
  if (pattern.type === "AssignmentPattern") return pathTo(pattern.left as Node, target);
  if (pattern.type !== "ObjectPattern") return undefined;
  for (const p of pattern.properties as Node[]) {
    if (p.type !== "Property") continue;
    const rest = pathTo(p.value as Node, target);
    const name = propertyName(p, p.key as Node);
    if (rest && name !== undefined) return [name, ...rest];
  }
  return undefined;
}
