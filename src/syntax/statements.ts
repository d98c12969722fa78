import type { Binding, Expr, Module, Span, Stmt } from "./ir.js";
import { lowerClass } from "./classes.js";
import { assignPattern, lowerExpr, lowerFunction } from "./expressions.js";
import { type Context, lowerType } from "./lower.js";
import type { Node } from "./parse.js";
import { declareVars, patternNames, Scope } from "./scope.js";

const spanOf = (node: Node): Span => [node.start, node.end];

/** Lowers statements whose names are declared already; function declarations are hoisted to the front. */
export function lowerBody(context: Context, statements: Node[]): Stmt[] {
  const out: Stmt[] = [];
  for (const s of statements) if (isFunctionDeclaration(s)) lowerStmt(context, s, out);
  for (const s of statements) if (!isFunctionDeclaration(s)) lowerStmt(context, s, out);
  return out;
}

function isFunctionDeclaration(s: Node): boolean {
  const inner = s.type === "ExportNamedDeclaration" ? (s.declaration as Node | null) : s;
  return inner?.type === "FunctionDeclaration";
}

function block(context: Context, node: Node | null | undefined): Stmt[] {
  if (!node) return [];
  if (node.type === "BlockStatement") {
    const body = node.body as Node[];
    return lowerBody(context.block(body), body);
  }
  return lowerBody(context, [node]);
}

function lowerStmt(context: Context, node: Node, out: Stmt[]): void {
  const at = spanOf(node);
  switch (node.type) {
    case "ExpressionStatement":
      out.push({ s: "expr", e: lowerExpr(context, node.expression as Node), at });
      recordCommonJs(context.module, out[out.length - 1] as Stmt & { s: "expr" });
      return;
    case "VariableDeclaration":
      for (const d of node.declarations as Node[]) lowerDeclarator(context, d, out);
      return;
    case "FunctionDeclaration": {
      if (!node.body) return;
      const fn = lowerFunction(context, node, "function");
      const binding = node.id ? context.scope.lookup((node.id as Node).name as string) : undefined;
      binding?.values.push({ k: "fn", fn, at });
      return;
    }
    case "ClassDeclaration": {
      const e = lowerClass(context, node);
      const binding = node.id ? context.scope.lookup((node.id as Node).name as string) : undefined;
      binding?.values.push(e);
      out.push({ s: "expr", e, at });
      return;
    }
    case "ReturnStatement":
      out.push({ s: "return", e: node.argument ? lowerExpr(context, node.argument as Node) : undefined, at });
      return;
    case "ThrowStatement":
      out.push({ s: "throw", e: lowerExpr(context, node.argument as Node), at });
      return;
    case "BlockStatement":
      out.push({ s: "block", body: block(context, node), at });
      return;
    case "IfStatement":
      out.push({
        s: "if",
        test: lowerExpr(context, node.test as Node),
        then: block(context, node.consequent as Node),
        else: node.alternate ? block(context, node.alternate as Node) : undefined,
        at,
      });
      return;
    case "WhileStatement":
    case "DoWhileStatement":
      out.push({
        s: "loop",
        test: lowerExpr(context, node.test as Node),
        body: block(context, node.body as Node),
        update: undefined,
        first: node.type === "DoWhileStatement",
        awaits: false,
        at,
      });
      return;
    case "ForStatement": {
      const inner = context.block(node.init ? [node.init as Node] : []);
      if (node.init) lowerStmt(inner, asStatement(node.init as Node), out);
      out.push({
        s: "loop",
        test: node.test ? lowerExpr(inner, node.test as Node) : undefined,
        body: block(inner, node.body as Node),
        update: node.update ? lowerExpr(inner, node.update as Node) : undefined,
        first: false,
        awaits: false,
        at,
      });
      return;
    }
    case "ForInStatement":
    case "ForOfStatement": {
      const inner = context.block([node.left as Node]);
      const right = lowerExpr(inner, node.right as Node);
      // what is run over is used, not dropped
      out.push({ s: "expr", e: { k: "seq", es: [right, { k: "lit", v: undefined, at }], at }, at });
      const element: Expr = { k: "mem", o: right, p: undefined, optional: false, at };
      const left = node.left as Node;
      const declared =
        left.type === "VariableDeclaration"
          ? ((left.declarations as Node[])[0]?.id as Node | undefined)
          : left;
      if (node.type === "ForOfStatement" && declared) assignPattern(inner, declared, element, at);
      out.push({
        s: "loop",
        test: { k: "seq", es: [], at },
        body: block(inner, node.body as Node),
        update: undefined,
        first: false,
        awaits: node.await === true,
        at,
      });
      return;
    }
    case "TryStatement":
      lowerTry(context, node, out);
      return;
    case "SwitchStatement": {
      const cases = node.cases as Node[];
      const inner = context.block(cases.flatMap((c) => c.consequent as Node[]));
      out.push({
        s: "switch",
        on: lowerExpr(context, node.discriminant as Node),
        cases: cases.map((c) => ({
          test: c.test ? lowerExpr(inner, c.test as Node) : undefined,
          body: lowerBody(inner, c.consequent as Node[]),
        })),
        at,
      });
      return;
    }
    case "LabeledStatement":
      out.push({
        s: "label",
        label: (node.label as Node).name as string,
        body: block(context, node.body as Node),
        at,
      });
      return;
    case "BreakStatement":
    case "ContinueStatement":
      out.push({
        s: node.type === "BreakStatement" ? "break" : "continue",
        label: node.label ? ((node.label as Node).name as string) : undefined,
        at,
      });
      return;
    default:
      lowerModuleStmt(context, node, out);
  }
}

const asStatement = (node: Node): Node =>
  node.type === "VariableDeclaration"
    ? node
    : { type: "ExpressionStatement", expression: node, start: node.start, end: node.end };

function lowerDeclarator(context: Context, d: Node, out: Stmt[]): void {
  const id = d.id as Node;
  if (id.type === "Identifier") {
    const binding = context.scope.lookup(id.name as string);
    binding?.type.push(...lowerType(context, id.typeAnnotation));
  }
  if (!d.init) return;
  const init = lowerExpr(context, d.init as Node, id.type === "Identifier" ? (id.name as string) : undefined);
  out.push({ s: "expr", e: assignPattern(context, id, init, spanOf(d)), at: spanOf(d) });
}

function lowerTry(context: Context, node: Node, out: Stmt[]): void {
  const handler = node.handler as Node | null;
  let handlerBody: Stmt[] | undefined;
  const caught: Binding[] = [];
  if (handler) {
    const scope = new Scope(context.scope, context.fn, false);
    for (const n of patternNames(handler.param as Node | null))
      caught.push(scope.declare(n.name as string, "catch", spanOf(n)));
    handlerBody = block(context.inScope(scope), handler.body as Node);
  }
  const finalizer = node.finalizer as Node | null;
  out.push({
    s: "try",
    block: block(context, node.block as Node),
    handler: handlerBody,
    handlerAt: handler ? spanOf(handler) : undefined,
    caught,
    finalizer: finalizer ? block(context, finalizer) : undefined,
    at: spanOf(node),
    finalizerAt: finalizer ? spanOf(finalizer) : undefined,
  });
}

/** Imports, exports, TypeScript's own statements. */
function lowerModuleStmt(context: Context, node: Node, out: Stmt[]): void {
  const { module } = context;
  const at = spanOf(node);
  const source = (node.source as Node | null | undefined)?.value as string | undefined;
  switch (node.type) {
    case "ImportDeclaration":
      module.esm = true;
      module.imports.push({ specifier: source ?? "", at, typeOnly: node.importKind === "type" });
      return;
    case "TSImportEqualsDeclaration": {
      const reference = node.moduleReference as Node;
      const binding = context.scope.lookup((node.id as Node).name as string);
      if (reference.type === "TSExternalModuleReference" && binding) {
        const specifier = (reference.expression as Node).value as string;
        binding.from = { specifier, name: "*", typeOnly: node.importKind === "type" };
        module.imports.push({ specifier, at, typeOnly: node.importKind === "type" });
      }
      return;
    }
    case "ExportAllDeclaration": {
      module.esm = true;
      if (source === undefined) return;
      module.imports.push({ specifier: source, at, typeOnly: node.exportKind === "type" });
      const exported = node.exported as Node | null;
      if (exported) module.exports.set(nameOf(exported), { kind: "from", specifier: source, name: "*" });
      else module.reexports.push(source);
      return;
    }
    case "ExportNamedDeclaration":
      module.esm = true;
      if (node.declaration) {
        lowerStmt(context, node.declaration as Node, out);
        exportDeclared(context, node.declaration as Node);
      }
      if (source !== undefined)
        module.imports.push({ specifier: source, at, typeOnly: node.exportKind === "type" });
      for (const spec of (node.specifiers as Node[] | undefined) ?? []) {
        const local = nameOf(spec.local as Node);
        const exported = nameOf(spec.exported as Node);
        if (source !== undefined)
          module.exports.set(exported, { kind: "from", specifier: source, name: local });
        else exportBinding(context, exported, local, spanOf(spec));
      }
      return;
    case "ExportDefaultDeclaration": {
      module.esm = true;
      const d = node.declaration as Node;
      if (d.type === "FunctionDeclaration" || d.type === "ClassDeclaration") {
        if (d.id) {
          lowerStmt(context, d, out);
          exportBinding(context, "default", (d.id as Node).name as string, at);
          return;
        }
        const e: Expr =
          d.type === "ClassDeclaration"
            ? lowerClass(context, d)
            : { k: "fn", fn: lowerFunction(context, d, "function"), at };
        module.exports.set("default", { kind: "value", e });
        out.push({ s: "expr", e, at });
        return;
      }
      const e = lowerExpr(context, d, "default");
      module.exports.set("default", { kind: "value", e });
      out.push({ s: "expr", e, at });
      return;
    }
    case "TSExportAssignment": {
      const e = lowerExpr(context, node.expression as Node);
      module.exports.set("=", { kind: "value", e });
      out.push({ s: "expr", e, at });
      return;
    }
    case "TSModuleDeclaration": {
      const body = node.body as Node | null;
      if (node.declare === true || body?.type !== "TSModuleBlock") return;
      const statements = body.body as Node[];
      const inner = context.block(statements);
      declareVars(inner.scope, statements);
      out.push({ s: "block", body: lowerBody(inner, statements), at });
      return;
    }
  }
}

const nameOf = (node: Node): string => (node.name ?? node.value) as string;

function exportBinding(context: Context, exported: string, local: string, at: Span): void {
  const bind = context.scope.lookup(local);
  if (bind?.from && bind.kind === "import") {
    context.module.exports.set(exported, {
      kind: "from",
      specifier: bind.from.specifier,
      name: bind.from.name,
    });
    return;
  }
  context.module.exports.set(exported, { kind: "value", e: { k: "id", name: local, bind, at } });
}

function exportDeclared(context: Context, d: Node): void {
  const names =
    d.type === "VariableDeclaration"
      ? (d.declarations as Node[]).flatMap((x) => patternNames(x.id as Node))
      : d.id
        ? [d.id as Node]
        : [];
  for (const n of names)
    if (n.type === "Identifier") exportBinding(context, n.name as string, n.name as string, spanOf(n));
}

/** `module.exports = x`, `module.exports.a = x`, `exports.a = x`. */
function recordCommonJs(module: Module, statement: Stmt & { s: "expr" }): void {
  const e = statement.e;
  if (e.k !== "set" || e.to.k !== "mem") return;
  const value = e.e.k === "set" ? e.e.e : e.e;
  const target = e.to;
  const isGlobal = (x: Expr, name: string): boolean => x.k === "id" && x.name === name && !x.bind;
  const isModuleExports = (x: Expr): boolean => x.k === "mem" && x.p === "exports" && isGlobal(x.o, "module");
  if (isModuleExports(target)) {
    module.exports.set("=", { kind: "value", e: value });
    if (value.k === "obj")
      for (const p of value.props) if (p.name) module.exports.set(p.name, { kind: "value", e: p.value });
  } else if (target.p !== undefined && (isGlobal(target.o, "exports") || isModuleExports(target.o))) {
    module.exports.set(target.p, { kind: "value", e: value });
  }
}
