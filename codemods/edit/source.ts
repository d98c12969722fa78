import type { Edit } from "../../src/finding.js";
import type { Project } from "../../src/program/project.js";
import type { Span } from "../../src/syntax/ir.js";
import { type Node, parse } from "../../src/syntax/parse.js";
import { type Style, styleOf } from "./style.js";

/** One file opened for repair: its text and its syntax tree, with the way up from each node. */
export class Source {
  readonly program: Node;
  readonly style: Style;
  private readonly parents = new Map<Node, Node>();
  private readonly byStart = new Map<number, Node[]>();

  /** @throws SyntaxProblem when the text is not a program */
  constructor(
    readonly file: string,
    readonly text: string,
  ) {
    this.program = parse(file, text).program;
    this.adopt(this.program);
    this.style = styleOf(this);
  }

  get isTypeScript(): boolean {
    return /\.[cm]?tsx?$/.test(this.file);
  }

  parentOf(node: Node): Node | undefined {
    return this.parents.get(node);
  }

  /** The nodes around a node, innermost first. */
  *ancestors(node: Node): Generator<Node> {
    for (let at = this.parents.get(node); at; at = this.parents.get(at)) yield at;
  }

  /** The node of one of the given types that spans exactly this. */
  at([start, end]: Span, ...types: string[]): Node | undefined {
    return this.byStart.get(start)?.find((n) => n.end === end && types.includes(n.type));
  }

  /** Every node, in no particular order. */
  *nodes(): Generator<Node> {
    for (const list of this.byStart.values()) yield* list;
  }

  /** The innermost function around a node; undefined for the top level. */
  functionOf(node: Node): Node | undefined {
    for (const up of this.ancestors(node)) if (isFunction(up)) return up;
    return undefined;
  }

  textOf(node: Node): string {
    return this.text.slice(node.start, node.end);
  }

  /** The white space that the line of an offset begins with. */
  indentAt(offset: number): string {
    const line = this.text.slice(this.lineStart(offset));
    return /^[ \t]*/.exec(line)?.[0] ?? "";
  }

  lineStart(offset: number): number {
    return this.text.lastIndexOf("\n", offset - 1) + 1;
  }

  /** Only white space stands before the offset on its line. */
  isFirstOnLine(offset: number): boolean {
    return this.text.slice(this.lineStart(offset), offset).trim() === "";
  }

  insert(offset: number, text: string): Edit {
    return { file: this.file, start: offset, end: offset, text };
  }

  replace(start: number, end: number, text: string): Edit {
    return { file: this.file, start, end, text };
  }

  private adopt(root: Node): void {
    const work: Node[] = [root];
    for (let node = work.pop(); node; node = work.pop()) {
      const same = this.byStart.get(node.start);
      if (same) same.push(node);
      else this.byStart.set(node.start, [node]);
      for (const child of childrenOf(node)) {
        this.parents.set(child, node);
        work.push(child);
      }
    }
  }
}

const opened = new WeakMap<Project, Map<string, Source | undefined>>();

/** A file of the project; undefined when it cannot be read or parsed. Kept as long as the project. */
export function openSource(project: Project, file: string): Source | undefined {
  let files = opened.get(project);
  if (!files) opened.set(project, (files = new Map()));
  if (files.has(file)) return files.get(file);
  const text = project.module(file) && project.index.read(file);
  const source = text === undefined ? undefined : new Source(file, text);
  files.set(file, source);
  return source;
}

/** The nodes directly below a node. */
export function childrenOf(node: Node): Node[] {
  const found: Node[] = [];
  for (const key in node) {
    const value = node[key];
    for (const child of Array.isArray(value) ? (value as unknown[]) : [value])
      if (isNode(child)) found.push(child);
  }
  return found;
}

function isNode(value: unknown): value is Node {
  return (
    typeof value === "object" &&
    value !== null &&
    typeof (value as Node).type === "string" &&
    "start" in value
  );
}

export function isFunction(node: Node): boolean {
  return (
    node.type === "ArrowFunctionExpression" ||
    node.type === "FunctionExpression" ||
    node.type === "FunctionDeclaration"
  );
}

/** A child of a node that its type promises. */
export const child = (node: Node | undefined, key: string): Node | undefined => {
  const value = node?.[key];
  return isNode(value) ? value : undefined;
};

export const list = (node: Node | undefined, key: string): Node[] => {
  const value = node?.[key];
  return Array.isArray(value) ? value.filter(isNode) : [];
};

/** The name of an identifier, a private name or a plain string key. */
export function nameOf(node: Node | undefined): string | undefined {
  if (!node) return undefined;
  if (node.type === "Identifier") return node.name as string;
  if (node.type === "PrivateIdentifier") return `#${node.name as string}`;
  return node.type === "Literal" && typeof node.value === "string" ? node.value : undefined;
}

/** The member name of a call such as `a.b.name()`, or the name of a plain call. */
export function calledName(call: Node): string | undefined {
  const callee = child(call, "callee");
  return callee?.type === "MemberExpression" ? nameOf(child(callee, "property")) : nameOf(callee);
}
