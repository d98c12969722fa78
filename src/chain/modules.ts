import { says } from "../program/says.js";
import type { Project } from "../program/project.js";
import type { Module } from "../syntax/ir.js";

/**
 * The modules of a project whose text has the words; tests, their doubles, generated files and scripts that know no telemetry
 * left out.
 * @param words one of the patterns of `linkWords`, or one that is kept in a constant and says no more than one of them
 * @param also another pattern that the text has to have as well
 */
export function modulesSaying(words: RegExp, project: Project, also?: RegExp): Module[] {
  const { index } = project;
  return index.sources.flatMap((file) => {
    const scan = index.scan(file);
    if (!scan.links || scan.generated || index.isTest(file) || !says(file, words, project)) return [];
    if (also && !says(file, also, project)) return [];
    // what a build patches for itself is no link of a program
    if (SCRIPT.test(file) && !scan.telemetry) return [];
    const module = project.module(file);
    return module ? [module] : [];
  });
}

const SCRIPT = /(^|\/)(scripts?|tools?|ci)\//;
