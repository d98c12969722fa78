import type { Value } from "../../src/facts/value.js";
import type { Hit } from "../../src/flow/world.js";
import type { Project } from "../../src/program/project.js";
import type { Binding, Fn, Module } from "../../src/syntax/ir.js";
import type { Node } from "../../src/syntax/parse.js";
import { list } from "../edit/source.js";
import { spotBehind } from "../ending/place.js";
import type { Page } from "../ending/page.js";
import { closerLines, freeNames } from "../ending/text.js";
import { helperOf } from "../flush/helpers.js";
import type { Draft } from "./draft.js";
import { exportedName, exportEdits } from "./exported.js";
import { closeOfField } from "./field-close.js";
import { heldIn, type Held } from "./held.js";
import { importedAs, importFrom } from "./importing.js";
import { ReturnedCloser } from "./returned.js";
import { MethodCloser } from "./method.js";
import { timerIn } from "./names.js";

/** What an ending waits for so that telemetry is closed. */
export interface CloseCall {
  /** Does not reject. */
  awaited: string;
  /** It ends by itself after a time. */
  bounded: boolean;
}

/** The name under which a file has the whole package that a close is called on, be it through a file of the program. */
function packageIn(project: Project, file: string, { whole }: Held): string | undefined {
  const module = project.module(file);
  const isPackage = (v: Value): boolean => {
    if (v.v === "sdk") return v.sdk.is === "namespace" && v.sdk.path === "" && v.sdk.pkg === whole?.pkg;
    const all = v.v === "namespace" ? v.module.exports.get("=") : undefined;
    return all?.kind === "value" && v.v === "namespace" && project.values.of(all.e, v.module).some(isPackage);
  };
  if (!whole || !module) return undefined;
  return module.bindings.find((bind) => {
    const e = { k: "id", name: bind.name, bind, at: bind.at } as const;
    return project.values.of(e, module).some(isPackage);
  })?.name;
}

/** What endings ask of what closes telemetry. */
export type AnyCloser = Pick<Closer, "callIn" | "sharedCallIn" | "promiseIn" | "plainCallIn" | "place">;

/** What closes the telemetry that one file starts, for endings in that file and in others. */
export class Closer {
  private helper: { name: string; behind: Node } | undefined;

  private constructor(
    private readonly page: Page,
    private readonly module: Module,
    private readonly at: readonly number[],
    private readonly project: Project,
    private readonly draft: Draft,
    private readonly held: Held[],
    private readonly existing: ExistingCloser | undefined,
  ) {}

  /**
   * @param given a function of the program that closes it and that nobody calls
   * @returns undefined when nothing can close it from the top level of its file
   */
  static of(
    page: Page,
    module: Module,
    start: Hit,
    project: Project,
    draft: Draft,
    given?: Fn,
  ): AnyCloser | undefined {
    if (given?.cls) return MethodCloser.ofExisting(page, given, given.cls, project, draft);
    const returned = given && ReturnedCloser.of(given, project, draft);
    if (returned) return returned;
    const field = closeOfField(page, start, project);
    if (field) return MethodCloser.ofField(page, field, project, draft);
    const existing = existingCloser(page, module, start, project, given);
    const held = existing ? [] : heldIn(page, module, start, project);
    const at = [start.at[0], ...(held ?? []).map((h) => h.at)];
    return held && new Closer(page, module, at, project, draft, held, existing);
  }

  /** The same for handles that are known already, behind the statement of the top level at a place. */
  static ofHeld(
    page: Page,
    module: Module,
    at: number,
    held: Held[],
    project: Project,
    draft: Draft,
  ): Closer {
    return new Closer(page, module, [at], project, draft, held, undefined);
  }

  /** The call for an ending in a file, with what it takes to have it there; undefined when that file must not load this one. */
  callIn(home: Page): CloseCall | undefined {
    if (this.existing) return this.callExisting(this.existing, home);
    const [only] = this.held;
    if (this.held.length === 1 && only?.bounded && !this.helper) {
      const direct = home.file === this.page.file ? only : this.directIn(home, only);
      if (direct) {
        this.draft.add(direct.edits);
        return direct;
      }
    }
    return this.named(home, this.name());
  }

  /** What another file has already: the SDK's package as a whole, or the handle that this one exports. */
  private directIn(home: Page, held: Held): Held | undefined {
    const name = packageIn(this.project, home.file, held) ?? this.importedIn(home, held);
    if (name === undefined) return undefined;
    return { ...held, awaited: held.awaited.replace(/^\w+/, name), edits: [] };
  }

  private importedIn(home: Page, { awaited, edits }: Held): string | undefined {
    const root = /^\w+/.exec(awaited)?.[0];
    const bind = edits.length === 0 ? this.module.bindings.find((b) => b.name === root) : undefined;
    const exported = bind && exportedName(this.module, bind);
    return exported && importedAs(this.project, home.file, this.module, exported.name);
  }

  /** The call for a listener that runs once and that nobody else waits with. */
  plainCallIn(home: Page): CloseCall | undefined {
    const [only] = this.held;
    if (this.existing || home.file !== this.page.file || this.held.length !== 1 || !only)
      return this.sharedCallIn(home);
    this.draft.add(only.edits);
    return only;
  }

  /** A call that gives a promise whatever the handle holds. */
  promiseIn(home: Page): CloseCall | undefined {
    const isPlain = this.held.length === 1 && this.held.every((h) => h.bounded && !h.awaited.includes("?."));
    return isPlain ? this.callIn(home) : this.sharedCallIn(home);
  }

  /** The call of a function that everybody shares, made when the program has none. */
  sharedCallIn(home: Page): CloseCall | undefined {
    return this.existing ? this.callExisting(this.existing, home) : this.named(home, this.name());
  }

  private callExisting({ bind, module, ...about }: ExistingCloser, home: Page): CloseCall | undefined {
    const call = (name: string): CloseCall => ({
      awaited: `${name}()${about.rejects ? ".catch(console.error)" : ""}`,
      bounded: about.bounded,
    });
    if (home.file === module.file) return call(bind.name);
    const exported = exportedName(module, bind);
    const edits = exported && importFrom(this.project, home, module, exported.name, exported.local);
    if (!exported || !edits) return undefined;
    this.draft.add(edits.edits);
    return call(edits.local);
  }

  private named(home: Page, name: string | undefined): CloseCall | undefined {
    if (name === undefined) return undefined;
    const call = { awaited: `${name}()`, bounded: true };
    if (home.file === this.page.file) return call;
    const imported = importFrom(this.project, home, this.module, name, name);
    const apart = this.helper?.behind === list(this.page.program, "body").at(-1);
    const exporting = imported && exportEdits(this.page, this.module, name, { apart });
    if (!imported || !exporting) return undefined;
    this.draft.add(imported.edits);
    this.draft.add(exporting);
    return { ...call, awaited: `${imported.local}()` };
  }

  /** Writes the function behind the start, once. */
  private name(): string | undefined {
    if (this.helper) return this.helper.name;
    const names = freeNames(this.page.text);
    const behind = this.place();
    if (!names || !behind) return undefined;
    for (const { edits } of this.held) this.draft.add(edits);
    this.draft.behind(
      this.page,
      behind,
      closerLines({
        closings: this.held.map((h) => h.awaited),
        bounded: this.held.length === 1 && this.held.every((h) => h.bounded && !h.awaited.includes("?.")),
        source: this.page,
        form: "function",
        exported: this.module.esm,
        names,
        timer: timerIn(this.module),
      }),
    );
    this.helper = { name: names.shutdown, behind };
    return names.shutdown;
  }

  /** The statement of the top level behind which telemetry is started. */
  place(): Node | undefined {
    const spot = spotBehind(this.page, this.page.program, this.at);
    return spot && this.lastStep(spot.behind);
  }

  /** Statements right behind the start that hand the handle on belong to it. */
  private lastStep(start: Node): Node {
    const names = this.held.map(({ awaited }) => /^\w+/.exec(awaited)?.[0] ?? "");
    const statements = list(this.page.program, "body");
    let last = start;
    for (const next of statements.slice(statements.indexOf(start) + 1)) {
      const text = this.page.textOf(next);
      if (next.type !== "ExpressionStatement" || !names.some((n) => new RegExp(`\\b${n}\\b`).test(text)))
        break;
      last = next;
    }
    return last;
  }
}

/** A function of the program that closes the telemetry, does nothing else, and can be waited for. */
interface ExistingCloser {
  bind: Binding;
  module: Module;
  rejects: boolean;
  bounded: boolean;
}

function existingCloser(
  page: Page,
  module: Module,
  { vendor }: Hit,
  project: Project,
  given: Fn | undefined,
): ExistingCloser | undefined {
  const homes = given && given.module !== module ? [given.module, module] : [module];
  for (const home of homes)
    for (const bind of home.bindings) {
      const e = { k: "id", name: bind.name, bind, at: bind.at } as const;
      const fn = project.values.of(e, home).flatMap((v) => (v.v === "fn" ? [v.fn] : []))[0];
      if (!fn || fn.module !== home || !vendor || (given !== undefined && fn !== given)) continue;
      const helper = helperOf(project, fn, vendor);
      if (!helper && fn !== given) continue;
      const text = project.index.read(home.file)?.slice(...fn.at) ?? "";
      return {
        bind,
        module: home,
        rejects: helper?.rejects ?? true,
        bounded: /setTimeout|[Tt]imeout|AbortSignal|\(\d{3,}\)/.test(text),
      };
    }
  return undefined;
}
