import type { Edit } from "../../src/finding.js";
import type { Project } from "../../src/program/project.js";
import type { Cls, Fn } from "../../src/syntax/ir.js";
import type { Node } from "../../src/syntax/parse.js";
import { spotBehind } from "../ending/place.js";
import type { Page } from "../ending/page.js";
import { mayBeMissing } from "../flush/missing.js";
import type { CloseCall } from "./closer.js";
import type { Draft } from "./draft.js";
import { exportedName } from "./exported.js";
import { closingMethod, instanceOf } from "./field.js";
import type { FieldClose } from "./field-close.js";
import { importFrom } from "./importing.js";

/** A method that closes the telemetry of a class of the program, called on the instance that a file knows. */
export class MethodCloser {
  private constructor(
    private readonly page: Page,
    private readonly cls: Cls,
    private readonly method: string,
    private readonly about: { rejects: boolean; bounded: boolean },
    private readonly edits: Edit[],
    private readonly project: Project,
    private readonly draft: Draft,
  ) {}

  /** A method that the class has. */
  static ofExisting(page: Page, fn: Fn, cls: Cls, project: Project, draft: Draft): MethodCloser | undefined {
    const text = project.index.read(fn.module.file)?.slice(...fn.at) ?? "";
    const about = {
      rejects: fn.async || !text.includes(".catch("),
      bounded: /[Tt]imeout|\(\d{3,}\)/.test(text),
    };
    const isOpen = fn.name !== undefined && !fn.name.startsWith("#") && fn.params.length === 0;
    return isOpen ? new MethodCloser(page, cls, fn.name ?? "", about, [], project, draft) : undefined;
  }

  /** A method that the class gets, to close what is in one of its fields. */
  static ofField(page: Page, close: FieldClose, project: Project, draft: Draft): MethodCloser | undefined {
    const { cls, awaited, ...about } = close;
    const method = closingMethod(page, cls, awaited);
    return method && new MethodCloser(page, cls, method.name, about, method.edits, project, draft);
  }

  /** The call on the instance that a file has, or could import. */
  callIn(home: Page): CloseCall | undefined {
    const on = this.instanceIn(home);
    if (on === undefined) return undefined;
    this.draft.add(this.edits);
    const caught = this.about.rejects ? ".catch(console.error)" : "";
    return { awaited: `${on}${this.method}()${caught}`, bounded: this.about.bounded };
  }

  sharedCallIn(home: Page): CloseCall | undefined {
    return this.callIn(home);
  }

  promiseIn(home: Page): CloseCall | undefined {
    const call = this.callIn(home);
    return call?.awaited.includes("?.") ? undefined : call;
  }

  plainCallIn(home: Page): CloseCall | undefined {
    return this.callIn(home);
  }

  /** The statement of the top level behind which there is an instance. */
  place(): Node | undefined {
    const module = this.project.module(this.page.file);
    const bind = module && instanceOf(this.cls, module, this.project);
    return bind && spotBehind(this.page, this.page.program, [bind.at[0]])?.behind;
  }

  /** The name of the instance with the dot behind it. */
  private instanceIn(home: Page): string | undefined {
    const { project, cls } = this;
    const module = project.module(home.file);
    const bind = module && instanceOf(cls, module, project);
    if (bind) return `${bind.name}${mayBeMissing(project, module, bind) ? "?." : "."}`;
    const own = instanceOf(cls, cls.module, project);
    const exported = own && exportedName(cls.module, own);
    const imported = exported && importFrom(project, home, cls.module, exported.name, exported.local);
    if (!imported) return undefined;
    this.draft.add(imported.edits);
    return `${imported.local}.`;
  }
}
