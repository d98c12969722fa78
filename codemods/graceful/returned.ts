import type { Project } from "../../src/program/project.js";
import type { Fn } from "../../src/syntax/ir.js";
import type { Node } from "../../src/syntax/parse.js";
import { returnsOf } from "../../src/program/value-sets.js";
import type { Page } from "../ending/page.js";
import type { CloseCall } from "./closer.js";
import type { Draft } from "./draft.js";
import { freeNameIn } from "./names.js";

/** A function that the start of telemetry gives back: a file that starts it at its top level can keep it. */
export class ReturnedCloser {
  private constructor(
    private readonly starter: Fn,
    private readonly project: Project,
    private readonly draft: Draft,
  ) {}

  /** @returns undefined when the function is not what its outer function returns */
  static of(fn: Fn, project: Project, draft: Draft): ReturnedCloser | undefined {
    const starter = fn.parent;
    if (!starter || starter.kind === "module" || fn.params.length > 0) return undefined;
    const isReturned = returnsOf(starter.body).some((e) => e.k === "fn" && e.fn === fn);
    return isReturned ? new ReturnedCloser(starter, project, draft) : undefined;
  }

  callIn(home: Page): CloseCall | undefined {
    const statement = this.startIn(home);
    const name = freeNameIn(home, ["stopTelemetry", "closeTelemetry"]);
    if (!statement || name === undefined) return undefined;
    this.draft.add([home.insert(statement.start, `const ${name} = `)]);
    return { awaited: `${name}().catch(console.error)`, bounded: false };
  }

  sharedCallIn(home: Page): CloseCall | undefined {
    return this.callIn(home);
  }

  promiseIn(home: Page): CloseCall | undefined {
    return this.callIn(home);
  }

  plainCallIn(home: Page): CloseCall | undefined {
    return this.callIn(home);
  }

  place(): undefined {
    return undefined;
  }

  /** The statement of the top level that starts telemetry and drops what it is given. */
  private startIn(home: Page): Node | undefined {
    const module = this.project.module(home.file);
    for (const { call, fn } of module?.calls ?? []) {
      if (!module || fn.kind !== "module") continue;
      const isStart = this.project.values
        .callee(call.callee, module)
        .some((v) => v.v === "fn" && v.fn === this.starter);
      const node = isStart ? home.callAt(call.at) : undefined;
      const holder = node && home.parentOf(node);
      const statement = holder?.type === "AwaitExpression" ? home.parentOf(holder) : holder;
      if (statement?.type === "ExpressionStatement" && home.parentOf(statement)?.type === "Program")
        return statement;
    }
    return undefined;
  }
}
