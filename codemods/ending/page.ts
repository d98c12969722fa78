import type { Project } from "../../src/program/project.js";
import type { Span } from "../../src/syntax/ir.js";
import type { Comment, Node } from "../../src/syntax/parse.js";
import { childrenOf, isFunction, list, Source } from "../edit/source.js";

/** A source with its comments: what speaks of a statement goes with it. */
export class Page extends Source {
  constructor(
    file: string,
    text: string,
    readonly comments: readonly Comment[],
  ) {
    super(file, text);
  }

  /** End of the line of an offset, before its line break. */
  lineEnd(offset: number): number {
    const end = this.text.indexOf("\n", offset);
    if (end < 0) return this.text.length;
    return this.text[end - 1] === "\r" && end > offset ? end - 1 : end;
  }

  /** Start of the line below that of an offset; the end of the text when there is none. */
  nextLine(offset: number): number {
    const end = this.text.indexOf("\n", offset);
    return end < 0 ? this.text.length : end + 1;
  }

  /** Whether a line (by its start) has nothing on it; what is behind the last line does not count. */
  isBlank(start: number): boolean {
    return start < this.text.length && this.text.slice(start, this.lineEnd(start)).trim() === "";
  }

  /** The nodes around a node and the node itself, from the program inward. */
  pathTo(node: Node): Node[] {
    return [...this.ancestors(node)].reverse().concat(node);
  }

  /** The innermost node that holds a span. */
  around([start, end]: Span): Node {
    let node = this.program;
    for (;;) {
      const inner = childrenOf(node).find((child) => child.start <= start && end <= child.end);
      if (!inner) return node;
      node = inner;
    }
  }

  /** The call or `new` that spans exactly this. */
  callAt(at: Span): Node | undefined {
    return this.at(at, "CallExpression", "NewExpression");
  }
}

/** A file of the project; undefined when it cannot be read or parsed. */
export function openPage(project: Project, file: string): Page | undefined {
  const text = project.module(file) && project.index.read(file);
  return text === undefined ? undefined : new Page(file, text, project.commentsOf(file));
}

export const isFunctionNode = (node: Node | undefined): node is Node =>
  node !== undefined && isFunction(node);

/** The statements that a program, block or case holds; undefined for any other node. */
export function statementsOf(node: Node | undefined): Node[] | undefined {
  if (node?.type === "Program" || node?.type === "BlockStatement" || node?.type === "StaticBlock")
    return list(node, "body");
  return node?.type === "SwitchCase" ? list(node, "consequent") : undefined;
}

/** Every node below a node, itself included. */
export function* nodesIn(node: Node): Generator<Node> {
  yield node;
  for (const child of childrenOf(node)) yield* nodesIn(child);
}
