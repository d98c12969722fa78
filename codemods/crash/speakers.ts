import type { SdkCall, SdkExport } from "../../src/facts/lookup.js";
import type { Value } from "../../src/facts/value.js";
import type { CallFacts } from "../../src/knowledge/schema.js";
import type { Project } from "../../src/program/project.js";
import { isPrivate, mayLackField } from "../flush/fields.js";
import { exportedNames } from "../flush/names.js";
import type { Scene } from "./scene.js";

/** Something that can be called to tell an SDK of an error. */
export interface Speaker {
  /** What is called: `Sentry.captureException`, `this.client?.notify`. */
  callee: string;
  facts: CallFacts;
  /** A sibling whose promise settles once the report was sent (`notifyAsync`). */
  sent: string | undefined;
  /** The lower the better: how many members are in between. */
  rank: number;
}

/** The member and the arguments of a vendor's `tell`, `%` standing for the error; undefined when it cannot be told. */
export function tellForm({ facts }: Scene): { member: string; args: string } | undefined {
  const [, member, args] = /^\$\.([\w.]+)\(([^]*)\)$/.exec(facts.tell ?? "") ?? [];
  return member === undefined || args === undefined ? undefined : { member, args };
}

/**
 * How a value can be told of an error: itself, or one of what it holds.
 * @param text how the value is written
 * @param steps how many members may come in between
 */
export function speakersOf(
  scene: Scene,
  text: string,
  value: Value,
  optional: boolean,
  steps = 1,
): Speaker[] {
  const form = tellForm(scene);
  if (!form) return [];
  const { project } = scene;
  const own = direct(scene, form.member, text, value, optional);
  if (own || steps === 0) return own ? [own] : [];
  return membersOf(project, value).flatMap(({ name, values, maybe }) =>
    values
      .flatMap((v) => speakersOf(scene, `${text}${optional ? "?." : "."}${name}`, v, maybe, steps - 1))
      .map((s) => ({ ...s, rank: s.rank + 1 })),
  );
}

function direct(
  scene: Scene,
  member: string,
  text: string,
  value: Value,
  optional: boolean,
): Speaker | undefined {
  const {
    project,
    lost: { vendor },
  } = scene;
  const isPackage = value.v === "sdk" && (value.sdk.is === "call" || value.sdk.is === "namespace");
  if (isPackage && isConstructed(scene)) return undefined;
  if (value.v === "sdk" && value.sdk.is === "call") {
    const { sdk } = value;
    if (sdk.vendor !== vendor || sdk.name !== member || sdk.facts.role !== "capture") return undefined;
    return { callee: text, facts: sdk.facts, sent: undefined, rank: 0 };
  }
  const found = through(project, value, member).find((v) => captured(v)?.vendor === vendor);
  const capture = found && captured(found);
  if (!capture) return undefined;
  const last = member.split(".").at(-1) ?? member;
  const prefix = `${text}${optional ? "?." : "."}`;
  const sibling = through(project, value, `${member}Async`)
    .map(captured)
    .find((c) => c?.facts.style === "promise");
  const about = { facts: capture.facts, rank: 0 };
  return {
    ...about,
    callee: prefix + member,
    sent: sibling && last !== "" ? `${prefix}${member}Async` : undefined,
  };
}

/** The program has made a handle of its own, and the package as a whole knows nothing of that. */
function isConstructed({ lost }: Scene): boolean {
  const value = lost.start?.value;
  return value?.v === "sdk" && value.sdk.is === "class";
}

const through = (project: Project, value: Value, path: string): Value[] =>
  path
    .split(".")
    .reduce<Value[]>(
      (values, name) => values.flatMap((v) => project.values.member(v, name, undefined, undefined)),
      [value],
    );

/** The capture that a value is. */
function captured(v: Value): { vendor: Scene["details"]["vendor"]; facts: CallFacts } | undefined {
  const call: SdkCall | (SdkExport & { is: "call" }) | undefined =
    v.v === "member" ? v.member : v.v === "sdk" && v.sdk.is === "call" ? v.sdk : undefined;
  if (call?.facts.role !== "capture") return undefined;
  return { vendor: "cls" in call ? call.cls.vendor : call.vendor, facts: call.facts };
}

interface Member {
  name: string;
  values: Value[];
  maybe: boolean;
}

/** What a value holds that can be reached from outside. */
function membersOf(project: Project, value: Value): Member[] {
  switch (value.v) {
    case "sdk": {
      const { sdk } = value;
      if (sdk.is !== "namespace" || sdk.path !== "") return [];
      return Object.entries(sdk.pkg.exports).flatMap(([name, facts]) =>
        facts.kind === "object" && /^[\w$]+$/.test(name) && name !== "default"
          ? [{ name, values: project.values.member(value, name, undefined, undefined), maybe: false }]
          : [],
      );
    }
    case "namespace":
      return [...exportedNames(project, value.module)].flatMap((name) =>
        name === "default" || name === "="
          ? []
          : [{ name, values: project.values.exported(value.module, name), maybe: false }],
      );
    case "object":
      return value.obj.props.flatMap(({ name, value: e }) =>
        name === undefined || !/^[\w$]+$/.test(name)
          ? []
          : [{ name, values: project.values.of(e, value.module), maybe: false }],
      );
    case "instance":
    case "class":
      return [...value.cls.members.values()].flatMap((member) => {
        if (member.fn || (value.v === "class") !== member.isStatic) return [];
        if (isPrivate(project, value.cls, member.name)) return [];
        const values = project.values.member(value, member.name, undefined, undefined);
        return [{ name: member.name, values, maybe: mayLackField(project, value.cls, member.name) }];
      });
    default:
      return [];
  }
}
