import type { Project } from "../../src/program/project.js";
import type { Run } from "../../src/program/program.js";
import { says } from "../../src/program/says.js";
import type { Call, Cls, Module } from "../../src/syntax/ir.js";
import type { Node } from "../../src/syntax/parse.js";
import { importEdits } from "../edit/imports.js";
import { child, list, nameOf } from "../edit/source.js";
import { linesOf } from "../ending/lines.js";
import { statementsOf, type Page } from "../ending/page.js";
import { loadedBy } from "../flush/loaded.js";
import type { CloseCall } from "./closer.js";
import type { Draft } from "./draft.js";
import { methodEdit } from "./field.js";

/** The application of a Nest program, where it is made. */
export interface NestApp {
  module: Module;
  page: Page;
  /** `NestFactory.create(...)`. */
  created: Call;
  /** The variable that holds it. */
  name: string;
  /** Somebody calls `enableShutdownHooks()`. */
  hooks: boolean;
}

/** The application that a program makes; undefined when it is no Nest program, or makes several. */
export function nestAppOf(
  run: Run,
  project: Project,
  open: (file: string) => Page | undefined,
): NestApp | undefined {
  const apps: Omit<NestApp, "hooks">[] = [];
  let hooks = false;
  for (const file of loadedBy(project, run.entry)) {
    if (project.index.isTest(file) || !says(file, NEST, project)) continue;
    const module = project.module(file);
    const page = module && open(file);
    if (!page) continue;
    for (const { call } of module.calls) {
      hooks ||= call.callee.k === "mem" && call.callee.p === "enableShutdownHooks";
      const name = isCreation(call, module, project) ? variableOf(page, call) : undefined;
      if (name !== undefined) apps.push({ module, page, created: call, name });
    }
  }
  const [app] = apps;
  return app && apps.length === 1 ? { ...app, hooks } : undefined;
}

const NEST = /NestFactory|enableShutdownHooks/;

const isCreation = (call: Call, module: Module, project: Project): boolean =>
  project.values
    .callee(call.callee, module)
    .some(
      (v) =>
        v.v === "package" && v.specifier === "@nestjs/core" && /(^|\.)NestFactory\.create\w*$/.test(v.path),
    );

function variableOf(page: Page, call: Call): string | undefined {
  const declarator = declaratorOf(page, call);
  return nameOf(child(declarator, "id"));
}

function declaratorOf(page: Page, call: Call): Node | undefined {
  const node = page.callAt(call.at);
  if (!node) return undefined;
  for (const up of page.ancestors(node)) {
    if (up.type === "VariableDeclarator") return up;
    if (!/^(AwaitExpression|TS\w+Expression)$/.test(up.type)) return undefined;
  }
  return undefined;
}

/** `app.enableShutdownHooks()` behind the line that makes the application. */
export function enableHooks({ page, created, name }: NestApp, draft: Draft): boolean {
  const declarator = declaratorOf(page, created);
  const declaration = declarator && page.parentOf(declarator);
  const siblings = declaration && statementsOf(page.parentOf(declaration));
  const lines = siblings && linesOf(page, declaration, siblings);
  if (!lines) return false;
  const commented = page.comments.find(
    (c) => c.type === "Line" && new RegExp(`^\\s*${name}\\.enableShutdownHooks\\(\\);?\\s*$`).test(c.value),
  );
  if (commented && commented.start > declaration.end && page.isFirstOnLine(commented.start)) {
    draft.add([page.replace(commented.start, commented.end, commented.value.trim())]);
    return true;
  }
  const line = `${page.indentAt(declaration.start)}${name}.enableShutdownHooks()${page.style.semicolon}`;
  draft.add([page.insert(lines.end, `\n${line}`)]);
  return true;
}

/** The class of the root module, in which a hook can stand. */
export function rootModuleOf({ created, module }: NestApp, project: Project): Cls | undefined {
  const [root] = created.args;
  const found = root ? project.values.of(root, module).flatMap((v) => (v.v === "class" ? [v.cls] : [])) : [];
  return found.length === 1 ? found[0] : undefined;
}

/** Lets a class of the application, its root module or a service, close telemetry when everything else has ended. */
export function addHook(
  page: Page,
  cls: Cls,
  close: Pick<CloseCall, "awaited">,
  project: Project,
  draft: Draft,
): boolean {
  const node = page.at(cls.at, "ClassDeclaration", "ClassExpression");
  const body = child(node, "body");
  if (!node || !body || cls.members.has(HOOK)) return false;
  const method = methodEdit(page, cls, HOOK, close.awaited);
  if (!method) return false;
  draft.add([method]);
  if (!page.isTypeScript) return true;
  const implemented = list(node, "implements");
  const end = implemented.at(-1)?.end ?? page.text.slice(0, body.start).trimEnd().length;
  const imported = importEdits(
    page,
    { name: INTERFACE, local: INTERFACE, specifier: "@nestjs/common" },
    (s) => s === "@nestjs/common",
  );
  if (!imported || project.module(page.file)?.bindings.some((b) => b.name === INTERFACE)) return true;
  draft.add([
    page.insert(end, implemented.length > 0 ? `, ${INTERFACE}` : ` implements ${INTERFACE}`),
    ...imported,
  ]);
  return true;
}

const HOOK = "onApplicationShutdown";
const INTERFACE = "OnApplicationShutdown";

/** Nest makes the instances of a class. */
export const isInjected = (cls: Cls): boolean =>
  cls.decorators.some((d) => /^(Injectable|Module|Global|Controller)$/.test(d));
