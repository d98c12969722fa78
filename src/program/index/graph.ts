/** The import graph: resolved edges both ways, what reaches a file, and the order of evaluation. */
import type { Resolver } from "./resolve.js";
import type { Entry, FileScan, ImportEdge } from "./types.js";

export class Graph {
  private readonly forward = new Map<string, readonly ImportEdge[]>();
  private backward: Map<string, string[]> | undefined;

  constructor(
    private readonly files: () => readonly string[],
    private readonly scan: (file: string) => FileScan,
    private readonly resolver: Pick<Resolver, "resolve">,
  ) {}

  imports(file: string): readonly ImportEdge[] {
    let edges = this.forward.get(file);
    if (edges === undefined) {
      const found: ImportEdge[] = [];
      for (const { specifier, kind } of this.scan(file).imports) {
        const target = this.resolver.resolve(file, specifier);
        if (target !== undefined && target !== file) found.push({ file: target, kind, specifier });
      }
      edges = found;
      this.forward.set(file, edges);
    }
    return edges;
  }

  importers(file: string): readonly string[] {
    this.backward ??= this.reverse();
    return this.backward.get(file) ?? [];
  }

  private reverse(): Map<string, string[]> {
    const backward = new Map<string, string[]>();
    for (const file of this.files()) {
      for (const edge of this.imports(file)) {
        if (edge.kind === "type") continue;
        const list = backward.get(edge.file);
        if (list === undefined) backward.set(edge.file, [file]);
        else if (list[list.length - 1] !== file) list.push(file);
      }
    }
    return backward;
  }

  /** Forgets the edges of one file, whose text changed. */
  forget(file: string): void {
    this.forward.delete(file);
    this.backward = undefined;
  }

  /** The file and everything from which it is reached at run time. */
  ancestors(file: string): Set<string> {
    const seen = new Set([file]);
    for (const current of seen) for (const importer of this.importers(current)) seen.add(importer);
    return seen;
  }

  /** Depth-first post-order of what is evaluated before and with the entry; each file once. */
  evaluationOrder(entry: Entry): string[] {
    const order: string[] = [];
    const seen = new Set<string>();
    for (const start of [...entry.preloads, entry.file]) this.evaluate(start, seen, order);
    return order;
  }

  /** A stack of our own: chains of imports may be longer than the call stack. */
  private evaluate(start: string, seen: Set<string>, order: string[]): void {
    if (seen.has(start)) return;
    seen.add(start);
    const stack: { file: string; edges: readonly ImportEdge[]; next: number }[] = [
      { file: start, edges: this.imports(start), next: 0 },
    ];
    for (let top = stack[stack.length - 1]; top !== undefined; top = stack[stack.length - 1]) {
      const edge = top.edges[top.next++];
      if (edge === undefined) {
        order.push(top.file);
        stack.pop();
      } else if (edge.kind !== "type" && edge.kind !== "dynamic" && !seen.has(edge.file)) {
        seen.add(edge.file);
        stack.push({ file: edge.file, edges: this.imports(edge.file), next: 0 });
      }
    }
  }
}
