import type { Fn } from "../../syntax/ir.js";
import type { Project } from "../../program/project.js";
import type { Run } from "../../program/program.js";
import { says } from "../../program/says.js";
import { verdictOf } from "./hooks.js";

/**
 * The `catch` methods of Nest filters that are for every exception and for every route (`@Catch()` without a class, registered
 * globally). `open`: some filter is registered that the program does not show, or one of any kind tells.
 */
export function catchAllFilters(run: Run, project: Project): Fn[] | "open" {
  const found: Fn[] = [];
  const texts = [...run.files]
    .filter((f) => !project.index.isTest(f))
    .map((file) => ({ file, text: project.index.read(file) ?? "" }));
  const classes = new Map<string, Fn>();
  for (const { file, text } of texts) {
    if (!/@Catch\s*\(/.test(text)) continue;
    for (const cls of project.module(file)?.classes ?? []) {
      const fn = cls.members.get("catch")?.fn;
      if (!fn || cls.name === undefined || !cls.decorators.includes("Catch")) continue;
      // a filter for some exceptions that tells: whoever wrote it may have meant these only
      if (verdictOf(fn, run, project) === "tells") return "open";
      if (new RegExp(`@Catch\\(\\s*(Error\\s*)?\\)[^;{}]*class\\s+${cls.name}\\b`).test(text))
        classes.set(cls.name, fn);
    }
  }
  for (const { text } of texts) {
    for (const [, name = ""] of text.matchAll(GLOBAL)) {
      const fn = classes.get(name);
      if (fn) found.push(fn);
      else if (!texts.some((t) => new RegExp(`class\\s+${name}\\b`).test(t.text))) return "open";
    }
    if (/useGlobalFilters\(\s*(?!new\s|\.\.\.\s*\[|\))/.test(text)) return "open";
  }
  return [...new Set(found)];
}

/** `useGlobalFilters(new X())`, `{ provide: APP_FILTER, useClass: X }`. */
const GLOBAL = /(?:useGlobalFilters\([^;]*?new\s+|APP_FILTER\s*,\s*useClass:\s*)([A-Za-z_$][\w$]*)/g;

/** Some file of the program answers requests. */
export const hasController = (run: Run, project: Project): boolean =>
  [...run.files].some((file) => says(file, CONTROLLER, project));

const CONTROLLER = /@(Controller|Resolver)\s*\(/;
