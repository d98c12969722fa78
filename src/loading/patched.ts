import { asksFor } from "../facts/majors.js";
import { autoInstrumented, instrumentedBy, instrumentedByPackage } from "../knowledge/instrumented.js";
import type { Hit } from "../flow/world.js";
import type { Project } from "../program/project.js";
import type { Run } from "../program/program.js";
import { says } from "../program/says.js";

/** What is patched, and where the patching begins. */
export interface Patching {
  /** As a finding calls who patches. */
  name: string;
  /** Modules; `@aws-sdk/*` covers everything below. */
  modules: ReadonlySet<string>;
  start: Hit;
  /** The package that begins to patch when it is loaded, whenever it is started. */
  onLoad: string | undefined;
}

const auto = /\bgetNodeAutoInstrumentations\s*\(/;
const single = /\bnew\s+(?:\w+\.)?(\w+Instrumentation)\s*\(/g;

/** What the SDKs that a program starts patch when it is loaded. */
export function patchingsOf(run: Run, project: Project): Patching[] {
  return [...run.started].flatMap(([vendor, start]): Patching[] => {
    const found =
      vendor.name === "OpenTelemetry"
        ? { modules: byInstrumentations(run, project), onLoad: undefined }
        : byPackage(start, run, project);
    return found.modules.length > 0
      ? [{ name: vendor.name, ...found, modules: new Set(found.modules), start }]
      : [];
  });
}

/** The instrumentations that files of the program name. */
function byInstrumentations(run: Run, project: Project): string[] {
  const files = [...run.files].filter((file) => !project.index.isTest(file));
  if (files.some((file) => says(file, auto, project))) return [...autoInstrumented];
  return files.flatMap((file) => {
    if (!project.index.scan(file).imports.some((i) => i.specifier.startsWith("@opentelemetry/"))) return [];
    return [...(project.index.read(file) ?? "").matchAll(single)].flatMap(
      ([, name = ""]) => instrumentedBy[name] ?? [],
    );
  });
}

/** What the packages of a vendor patch that the file of the start imports, as far as its options ask for it. */
function byPackage(
  start: Hit,
  run: Run,
  project: Project,
): { modules: readonly string[]; onLoad: string | undefined } {
  const { file } = start.fn.module;
  const imported = new Set(
    [...run.files].flatMap((f) => project.index.scan(f).imports.map((i) => i.specifier.split("/init")[0])),
  );
  const text = project.index.read(file)?.slice(...(start.call?.at ?? [0, 0])) ?? "";
  for (const { packages, since, onlyWith, modules, onLoad } of instrumentedByPackage) {
    const name = packages.find((p) => imported.has(p));
    if (name === undefined || !packages.some((p) => project.lookup.package(p)?.vendor === start.vendor))
      continue;
    const json = project.index.packageOf(file)?.json;
    const root = project.index.packageOf("package.json")?.json;
    const declared = json?.dependencies?.[name] ?? root?.dependencies?.[name];
    if (since !== undefined && asksFor(declared, since) !== true) continue;
    if (onlyWith !== undefined && !onlyWith.some((option) => text.includes(option))) continue;
    return { modules, onLoad: onLoad ? name : undefined };
  }
  return { modules: [], onLoad: undefined };
}

/** Whether a specifier is one of some modules, or below one. */
export function isPatched(specifier: string, modules: ReadonlySet<string>): boolean {
  if (modules.has(specifier)) return true;
  const scope = specifier.startsWith("@") ? specifier.split("/")[0] : undefined;
  return scope !== undefined && modules.has(`${scope}/*`);
}
