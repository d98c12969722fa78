import type { Binding, Fn, Span } from "./ir.js";
import type { Node } from "./parse.js";

/** One level of names. Blocks and functions each have one; `var` goes to the nearest function's. */
export class Scope {
  readonly names = new Map<string, Binding>();

  constructor(
    readonly parent: Scope | undefined,
    readonly fn: Fn,
    readonly isFunction: boolean,
  ) {}

  declare(name: string, kind: Binding["kind"], at: Span, constant = false): Binding {
    const existing = this.names.get(name);
    if (existing) return existing;
    const binding: Binding = { name, kind, constant, values: [], type: [], owner: this.fn, uses: [], at };
    this.names.set(name, binding);
    return binding;
  }

  lookup(name: string): Binding | undefined {
    for (let scope: Scope | undefined = this; scope; scope = scope.parent) {
      const found = scope.names.get(name);
      if (found) return found;
    }
    return undefined;
  }
}

/** The identifiers a pattern declares. */
export function patternNames(pattern: Node | null | undefined, found: Node[] = []): Node[] {
  if (!pattern) return found;
  switch (pattern.type) {
    case "Identifier":
      found.push(pattern);
      break;
    case "ObjectPattern":
      for (const p of pattern.properties as Node[]) patternNames((p.value ?? p.argument) as Node, found);
      break;
    case "ArrayPattern":
      for (const e of pattern.elements as (Node | null)[]) patternNames(e, found);
      break;
    case "AssignmentPattern":
      patternNames(pattern.left as Node, found);
      break;
    case "RestElement":
      patternNames(pattern.argument as Node, found);
      break;
    case "TSParameterProperty":
      patternNames(pattern.parameter as Node, found);
      break;
  }
  return found;
}

const spanOf = (node: Node): Span => [node.start, node.end];

/** Declares what a list of statements brings into its own block: let, const, class, function, import, enum, namespace. */
export function declareBlock(scope: Scope, statements: Node[]): void {
  for (const outer of statements) {
    const exported = outer.type === "ExportNamedDeclaration" || outer.type === "ExportDefaultDeclaration";
    const s = exported ? (outer.declaration as Node | null) : outer;
    if (!s) continue;
    const id = s.id as Node | null | undefined;
    switch (s.type) {
      case "VariableDeclaration":
        if (s.kind === "var") break;
        for (const d of s.declarations as Node[])
          for (const n of patternNames(d.id as Node))
            scope.declare(n.name as string, "var", spanOf(n), s.kind !== "let");
        break;
      case "FunctionDeclaration":
        if (id) scope.declare(id.name as string, "function", spanOf(id), true);
        break;
      case "ClassDeclaration":
        if (id) scope.declare(id.name as string, "class", spanOf(id), true);
        break;
      case "TSEnumDeclaration":
      case "TSModuleDeclaration":
        if (id?.type === "Identifier") scope.declare(id.name as string, "var", spanOf(id), true);
        break;
      case "TSImportEqualsDeclaration":
        if (id) scope.declare(id.name as string, "import", spanOf(id), true);
        break;
      case "ImportDeclaration":
        for (const spec of s.specifiers as Node[]) declareImport(scope, s, spec);
        break;
    }
  }
}

function declareImport(scope: Scope, declaration: Node, spec: Node): void {
  const local = spec.local as Node;
  const imported = spec.imported as Node | undefined;
  const name =
    spec.type === "ImportDefaultSpecifier"
      ? "default"
      : spec.type === "ImportNamespaceSpecifier"
        ? "*"
        : ((imported?.name ?? imported?.value) as string);
  const binding = scope.declare(local.name as string, "import", spanOf(local), true);
  binding.from = {
    specifier: (declaration.source as Node).value as string,
    name,
    typeOnly: declaration.importKind === "type" || spec.importKind === "type",
  };
}

/** Declares every `var` of a function body, however deep in blocks, but not in inner functions. */
export function declareVars(scope: Scope, node: unknown): void {
  if (!node || typeof node !== "object") return;
  if (Array.isArray(node)) {
    for (const child of node) declareVars(scope, child);
    return;
  }
  const n = node as Node;
  switch (n.type) {
    case "VariableDeclaration":
      if (n.kind === "var")
        for (const d of n.declarations as Node[])
          for (const name of patternNames(d.id as Node))
            scope.declare(name.name as string, "var", spanOf(name));
      return;
    case "BlockStatement":
    case "LabeledStatement":
    case "ForStatement":
    case "ForInStatement":
    case "ForOfStatement":
    case "WhileStatement":
    case "DoWhileStatement":
    case "CatchClause":
      declareVars(scope, n.init);
      declareVars(scope, n.left);
      declareVars(scope, n.body);
      return;
    case "IfStatement":
      declareVars(scope, n.consequent);
      declareVars(scope, n.alternate);
      return;
    case "TryStatement":
      declareVars(scope, n.block);
      declareVars(scope, n.handler);
      declareVars(scope, n.finalizer);
      return;
    case "SwitchStatement":
      for (const c of n.cases as Node[]) declareVars(scope, c.consequent);
      return;
    case "ExportNamedDeclaration":
      declareVars(scope, n.declaration);
      return;
  }
}
