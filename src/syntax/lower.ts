import type { Binding, Fn, Module, Span, TypeRef, Expr } from "./ir.js";
import { parse, type Comment, type Node } from "./parse.js";
import { declareBlock, declareVars, Scope } from "./scope.js";
import { lowerBody } from "./statements.js";

/** What lowering carries along: the module under construction, the function and the names in reach. */
export class Context {
  constructor(
    readonly module: Module,
    readonly fn: Fn,
    readonly scope: Scope,
  ) {}

  inScope(scope: Scope): Context {
    return new Context(this.module, this.fn, scope);
  }

  block(statements: Node[]): Context {
    const scope = new Scope(this.scope, this.fn, false);
    declareBlock(scope, statements);
    return this.inScope(scope);
  }

  reference(name: string, at: Span): Binding | undefined {
    const binding = this.scope.lookup(name);
    binding?.uses.push({ at, fn: this.fn });
    return binding;
  }
}

export function newFn(module: Module, fields: Partial<Fn> & { at: Span }): Fn {
  const fn: Fn = {
    id: module.fns.length,
    name: undefined,
    kind: "function",
    async: false,
    generator: false,
    params: [],
    rest: false,
    paramTypes: [],
    body: [],
    concise: false,
    returnType: [],
    parent: undefined,
    cls: undefined,
    bodyAt: fields.at,
    module,
    ...fields,
  };
  module.fns.push(fn);
  return fn;
}

export interface LoweredFile {
  module: Module;
  comments: Comment[];
}

/**
 * Parses and lowers one file.
 * @throws SyntaxProblem when the text is not a program
 */
export function lower(file: string, text: string): LoweredFile {
  const { program, comments } = parse(file, text);
  const module: Module = {
    file,
    top: undefined as unknown as Fn,
    fns: [],
    classes: [],
    calls: [],
    casts: [],
    bindings: [],
    exports: new Map(),
    reexports: [],
    imports: [],
    esm: false,
  };
  const top = newFn(module, { at: [program.start, program.end], kind: "module", name: "(module)" });
  top.async = true;
  module.top = top;
  const scope = new Scope(undefined, top, true);
  const body = program.body as Node[];
  declareVars(scope, body);
  declareBlock(scope, body);
  module.bindings = [...scope.names.values()];
  top.body = lowerBody(new Context(module, top, scope), body);
  return { module, comments };
}

/** The outermost name of a type annotation. */
export function typeName(annotation: Node): string | undefined {
  switch (annotation.type) {
    case "TSTypeReference":
      return qualifiedPath(annotation.typeName as Node).at(-1);
    case "TSParenthesizedType":
      return typeName(annotation.typeAnnotation as Node);
    case "TSAnyKeyword":
      return "any";
    case "TSUnknownKeyword":
      return "unknown";
    case "TSNeverKeyword":
      return "never";
    default:
      return undefined;
  }
}

/** The named types of an annotation; `undefined`, `null` and promises are taken off. */
export function lowerType(context: Context, annotation: unknown, depth = 0): TypeRef[] {
  const node = annotation as Node | null | undefined;
  if (!node || depth > 6) return [];
  switch (node.type) {
    case "TSTypeAnnotation":
      return lowerType(context, node.typeAnnotation, depth + 1);
    case "TSUnionType":
    case "TSIntersectionType":
      return (node.types as Node[]).flatMap((t) => lowerType(context, t, depth + 1));
    case "TSParenthesizedType":
      return lowerType(context, node.typeAnnotation, depth + 1);
    case "TSTypeReference": {
      const name = node.typeName as Node;
      const args = (node.typeArguments as Node | null)?.params as Node[] | undefined;
      const wrapper = name.type === "Identifier" ? (name.name as string) : "";
      if (/^(Promise|Readonly|Required|Partial|NonNullable|Awaited|Array|Set)$/.test(wrapper) && args?.[0]) {
        return /^(Array|Set)$/.test(wrapper) ? [] : lowerType(context, args[0], depth + 1);
      }
      if (/^(ReturnType|InstanceType)$/.test(wrapper)) return [];
      const expr = entityName(context, name);
      return expr ? [{ expr }] : [];
    }
    case "TSImportType": {
      const source = (node.source ?? (node.argument as Node | undefined)?.literal ?? node.argument) as
        Node | undefined;
      const specifier = (source?.value ?? (source?.literal as Node | undefined)?.value) as string | undefined;
      const qualifier = node.qualifier as Node | null;
      if (!specifier || !qualifier) return [];
      let expr: Expr = { k: "import", specifier, of: undefined, at: [node.start, node.end] };
      for (const p of qualifiedPath(qualifier))
        expr = { k: "mem", o: expr, p, optional: false, at: [node.start, node.end] };
      return [{ expr }];
    }
    case "TSTypeQuery": {
      const expr = entityName(context, node.exprName as Node);
      return expr ? [{ expr }] : [];
    }
    default:
      return [];
  }
}

function qualifiedPath(node: Node): string[] {
  if (node.type === "Identifier") return [node.name as string];
  if (node.type === "TSQualifiedName")
    return [...qualifiedPath(node.left as Node), ...qualifiedPath(node.right as Node)];
  return [];
}

function entityName(context: Context, node: Node): Expr | undefined {
  const [head, ...rest] = qualifiedPath(node);
  if (!head) return undefined;
  const at: Span = [node.start, node.end];
  let expr: Expr = { k: "id", name: head, bind: context.scope.lookup(head), at };
  for (const p of rest) expr = { k: "mem", o: expr, p, optional: false, at };
  return expr;
}
