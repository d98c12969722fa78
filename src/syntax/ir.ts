/**
 * The small language every file is lowered to: bindings are resolved, types and markup are gone, calls keep their place.
 * Facts, flow and program read this and never the parser's tree, so that no host and no parser shows through.
 */

/** `[start, end)` in UTF-16 offsets of the file's text without its byte order mark. */
export type Span = readonly [start: number, end: number];

export type Expr =
  | { k: "id"; name: string; bind: Binding | undefined; at: Span }
  | { k: "mem"; o: Expr; p: string | undefined; optional: boolean; at: Span }
  | Call
  | { k: "fn"; fn: Fn; at: Span }
  | { k: "class"; cls: Cls; at: Span }
  | { k: "await"; e: Expr; at: Span }
  | { k: "set"; to: Expr; e: Expr; op: string; at: Span }
  | { k: "cond"; test: Expr; then: Expr; else: Expr; at: Span }
  | { k: "logic"; op: "&&" | "||" | "??"; l: Expr; r: Expr; at: Span }
  | { k: "obj"; props: Prop[]; at: Span }
  | { k: "arr"; items: Expr[]; at: Span }
  | { k: "spread"; e: Expr; at: Span }
  | { k: "lit"; v: string | number | boolean | null | undefined; at: Span }
  | { k: "this"; cls: Cls | undefined; at: Span }
  | { k: "super"; cls: Cls | undefined; at: Span }
  | { k: "import"; specifier: string | undefined; of: Expr | undefined; at: Span }
  | { k: "not"; e: Expr; at: Span }
  | { k: "void"; e: Expr; at: Span }
  /** Compares: the operands are evaluated, the value is a boolean. */
  | { k: "cmp"; op: string; l: Expr; r: Expr; at: Span }
  /** Anything else that only evaluates its parts in order. */
  | { k: "seq"; es: Expr[]; at: Span };

export interface Call {
  k: "call";
  callee: Expr;
  args: Expr[];
  isNew: boolean;
  optional: boolean;
  at: Span;
}

export interface Prop {
  name: string | undefined;
  value: Expr;
}

export type Stmt =
  | { s: "expr"; e: Expr; at: Span }
  | { s: "return"; e: Expr | undefined; at: Span }
  | { s: "throw"; e: Expr; at: Span }
  | { s: "if"; test: Expr; then: Stmt[]; else: Stmt[] | undefined; at: Span }
  | {
      s: "loop";
      test: Expr | undefined;
      body: Stmt[];
      update: Expr | undefined;
      first: boolean;
      awaits: boolean;
      at: Span;
    }
  | {
      s: "try";
      block: Stmt[];
      handler: Stmt[] | undefined;
      /** The `catch` clause as a whole, and what it binds. */
      handlerAt: Span | undefined;
      caught: Binding[];
      finalizer: Stmt[] | undefined;
      at: Span;
      finalizerAt: Span | undefined;
    }
  | { s: "switch"; on: Expr; cases: { test: Expr | undefined; body: Stmt[] }[]; at: Span }
  | { s: "label"; label: string; body: Stmt[]; at: Span }
  | { s: "block"; body: Stmt[]; at: Span }
  | { s: "break"; label: string | undefined; at: Span }
  | { s: "continue"; label: string | undefined; at: Span };

export interface Binding {
  name: string;
  kind: "import" | "var" | "function" | "class" | "param" | "catch";
  /** `const`, and never written again otherwise. */
  constant: boolean;
  /** For `import`: where it comes from; name `*` is the namespace. */
  from?: { specifier: string; name: string; typeOnly: boolean };
  /** Everything that is ever assigned to it, destructuring resolved to member access. */
  values: Expr[];
  type: TypeRef[];
  /** For `param`: its function and position; `path` when it is destructured. */
  param?: { fn: Fn; index: number; path: string[] };
  /** The function in which it is declared. */
  owner: Fn;
  /** Reads of the binding, in source order. */
  uses: { at: Span; fn: Fn }[];
  at: Span;
}

/** A named type of an annotation; unions are split, `Promise<T>` and `undefined` taken off. */
export interface TypeRef {
  expr: Expr;
}

export interface Fn {
  id: number;
  name: string | undefined;
  kind: "module" | "function" | "arrow" | "method" | "constructor" | "accessor" | "static-block";
  async: boolean;
  generator: boolean;
  params: Binding[][];
  /** The last parameter takes all that is left. */
  rest: boolean;
  paramTypes: TypeRef[][];
  body: Stmt[];
  /** An arrow with an expression for a body. */
  concise: boolean;
  returnType: TypeRef[];
  parent: Fn | undefined;
  cls: Cls | undefined;
  at: Span;
  bodyAt: Span;
  module: Module;
}

export interface Member {
  /** As written; `[key]` when it is computed from a name. */
  name: string;
  isStatic: boolean;
  fn: Fn | undefined;
  values: Expr[];
  type: TypeRef[];
  at: Span;
}

export interface Cls {
  name: string | undefined;
  superClass: Expr | undefined;
  members: Map<string, Member>;
  ctor: Fn | undefined;
  /** Where its own code reads `this.<name>`. */
  uses: { name: string; fn: Fn }[];
  decorators: string[];
  implemented: string[];
  at: Span;
  module: Module;
}

export type Export = { kind: "value"; e: Expr } | { kind: "from"; specifier: string; name: string };

/** `e as T`, `<T>e`: nothing happens at run time, and the reader is told of another type. */
export interface Cast {
  e: Expr;
  /** The outermost name of the type (`APIPromise`, `Promise`, `any`); undefined for one without a name. */
  to: string | undefined;
  types: TypeRef[];
  fn: Fn;
  at: Span;
}

export interface Module {
  file: string;
  top: Fn;
  fns: Fn[];
  classes: Cls[];
  calls: { call: Call; fn: Fn }[];
  casts: Cast[];
  /** The names of the top level. */
  bindings: Binding[];
  exports: Map<string, Export>;
  /** Specifiers of `export * from`. */
  reexports: string[];
  imports: { specifier: string; at: Span; typeOnly: boolean }[];
  /** ES module syntax is present. */
  esm: boolean;
}
