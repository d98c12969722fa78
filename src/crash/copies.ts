import type { Value } from "../facts/value.js";
import type { Vendor } from "../knowledge/schema.js";
import type { Call, Fn, Module } from "../syntax/ir.js";
import type { CrashLoss } from "../program/details.js";
import type { Project } from "../program/project.js";

/** A call of an SDK, and the major version of the package that its file asks for. */
interface Use {
  vendor: Vendor;
  call: Call;
  fn: Fn;
  major: number | undefined;
}

/**
 * Captures in a copy of an SDK that nobody starts: each major of Sentry keeps its client to itself, so what version 10 captures
 * is not sent by a version 9 that was started. One finding for each file.
 */
export function capturesInOtherCopies(project: Project): CrashLoss[] {
  const uses = { capture: [] as Use[], start: [] as Use[] };
  for (const [module, { direct }] of project.marks.modules) {
    if (project.index.isTest(module.file)) continue;
    for (const { call, fn, mark, value } of direct) {
      const vendor = vendorOf(value);
      if (!vendor?.crash?.copies || (mark !== "capture" && mark !== "start")) continue;
      uses[mark].push({ vendor, call, fn, major: majorOf(value, module, project) });
    }
  }
  const files = new Set<string>();
  return uses.capture.flatMap((use) => {
    const { vendor, call, fn, major } = use;
    const since = vendor.crash?.copies?.since;
    const starts = uses.start.filter((s) => s.vendor === vendor);
    if (since === undefined || major === undefined || starts.length === 0 || files.has(fn.module.file))
      return [];
    const other = starts.every(
      (s) => s.major !== undefined && s.major !== major && Math.max(s.major, major) >= since,
    );
    if (!other) return [];
    files.add(fn.module.file);
    const others = starts.slice(0, 3).map((s) => ({
      fn: s.fn,
      at: s.call.at,
      message: `${vendor.name} ${String(s.major)} is started here`,
    }));
    return [
      {
        kind: "crash-loss",
        shape: "other-copy",
        vendor,
        start: undefined,
        fn,
        call,
        at: call.at,
        others,
      } as const,
    ];
  });
}

const vendorOf = (v: Value): Vendor | undefined => {
  if (v.v === "member") return v.member.cls.vendor;
  if (v.v !== "sdk") return undefined;
  return "cls" in v.sdk ? v.sdk.cls.vendor : v.sdk.vendor;
};

/** The major of the package of this value that the file's own package.json asks for. */
function majorOf(value: Value, module: Module, project: Project): number | undefined {
  const pkg =
    value.v === "member"
      ? value.member.cls.pkg
      : value.v === "sdk"
        ? "cls" in value.sdk
          ? value.sdk.cls.pkg
          : value.sdk.pkg
        : undefined;
  const specifier = module.imports.find((i) => pkg?.specifiers.includes(i.specifier))?.specifier;
  const json = project.index.packageOf(module.file)?.json;
  const name = specifier?.split("/", specifier.startsWith("@") ? 2 : 1).join("/");
  const range =
    name === undefined ? undefined : (json?.dependencies?.[name] ?? json?.devDependencies?.[name]);
  const [, major] = /^[~^=v]*(\d+)(?:\.|$)/.exec(range ?? "") ?? [];
  return major === undefined ? undefined : Number(major);
}
