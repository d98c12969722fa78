import type { Level } from "../finding.js";
import type { Hit } from "../flow/world.js";
import type { Call, Fn, Module, Span } from "../syntax/ir.js";
import type { Details } from "./details.js";
import type { Project } from "./project.js";

/** A place that explains a report. */
export interface Because {
  fn: Fn;
  at: Span;
  message: string;
}

/** What a rule says: where, why, and what its repair needs to know. */
export interface Report {
  rule: string;
  level: Level;
  module: Module;
  at: Span;
  /** The function in which it stands. */
  fn: Fn;
  message: string;
  why: Because[];
  /** The call that is at fault, for the repair. */
  call: Call | undefined;
  /** What else the rule found out; some rules need no more than the hit. */
  details?: Details;
  /** The check of the rule that found it, by which it can be switched. */
  check?: string;
}

/** A report of a rule that asks what the programs of a project were seen to do. */
export interface RunReport extends Report {
  /** What the run of a program came to there. */
  hit: Hit;
}

/** One rule: a query over what the programs of a project were seen to do. */
export interface Rule<R extends Report = Report> {
  name: string;
  level: Level;
  /** One sentence, as in the table of rules. */
  summary: string;
  recommended: boolean;
  fixable: boolean;
  /** The checks that can be switched one by one; those with `strict` are off unless they are asked for. */
  checks?: readonly { id: string; strict: boolean; summary: string }[];
  check(project: Project, options: RuleOptions): R[];
}

export interface RuleOptions {
  /** Asks for every live handle instead of one, and reports what is a matter of contract. */
  strict: boolean;
  /** Checks of the rule that are switched on or off by their names. */
  checks?: Readonly<Record<string, boolean>>;
  /** Only a part of the project was read: what is missing may stand in the rest. */
  partial?: boolean;
}
