import type { Value } from "../../src/facts/value.js";
import type { Edit } from "../../src/finding.js";
import type { Project } from "../../src/program/project.js";
import type { Binding, Cls, Expr, Module } from "../../src/syntax/ir.js";
import { child, list } from "../edit/source.js";
import type { Page } from "../ending/page.js";

/** The class in whose field a handle is, by an expression such as `this.client`. */
export function fieldOf(e: Expr): { cls: Cls; name: string } | undefined {
  return e.k === "mem" && e.o.k === "this" && e.o.cls && e.p !== undefined
    ? { cls: e.o.cls, name: e.p }
    : undefined;
}

/** The one variable of a file's top level that holds an instance of a class, imports included. */
export function instanceOf(cls: Cls, module: Module, project: Project): Binding | undefined {
  const isInstance = (v: Value): boolean => {
    if (v.v === "instance") return v.cls === cls;
    // what `require` gives is all that `module.exports` was set to
    const whole = v.v === "namespace" ? v.module.exports.get("=") : undefined;
    return (
      whole?.kind === "value" && v.v === "namespace" && project.values.of(whole.e, v.module).some(isInstance)
    );
  };
  const named = module.bindings.filter((bind) => {
    const e = { k: "id", name: bind.name, bind, at: bind.at } as const;
    return bind.kind !== "class" && project.values.of(e, module).some(isInstance);
  });
  return named.length === 1 ? named[0] : undefined;
}

/** A method that a class gets to close what it holds; undefined when it has one of every name. */
export function closingMethod(
  page: Page,
  cls: Cls,
  awaited: string,
): { name: string; edits: Edit[] } | undefined {
  const name = ["shutdown", "close", "closeTelemetry"].find((n) => !cls.members.has(n));
  const edit = name === undefined ? undefined : methodEdit(page, cls, name, awaited);
  return name !== undefined && edit ? { name, edits: [edit] } : undefined;
}

/** An async method behind the last member of a class that waits for one expression. */
export function methodEdit(page: Page, cls: Cls, name: string, awaited: string): Edit | undefined {
  const node = page.at(cls.at, "ClassDeclaration", "ClassExpression");
  const body = child(node, "body");
  if (!node || !body) return undefined;
  const { semicolon, indent } = page.style;
  const outer = page.indentAt(node.start);
  const inner = outer + indent;
  const method = [
    `${inner}async ${name}()${page.isTypeScript ? ": Promise<void>" : ""} {`,
    `${inner}${indent}await ${awaited}${semicolon}`,
    `${inner}}`,
  ].join("\n");
  const last = list(body, "body").at(-1);
  return last
    ? page.insert(last.end, `\n\n${method}`)
    : page.replace(body.start, body.end, `{\n${method}\n${outer}}`);
}
