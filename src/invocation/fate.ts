import type { Hit } from "../flow/world.js";
import { invocationPreloads, invocationSdks, type InvocationSdk } from "../knowledge/invocation-sdks.js";
import { flushingPackages, wrappedBySentry } from "../knowledge/invocations.js";
import type { Vendor } from "../knowledge/schema.js";
import { packageOf } from "../ending/missing.js";
import type { Project } from "../program/project.js";
import { says } from "../program/says.js";
import { isWrapperOfSentry, startsOf, type LiveInvocation } from "./live.js";

/** What becomes of a capture when the invocation ends and nobody has waited for it. */
export interface Fate {
  /** It waits for a timer, or its request is on its way, which what the function still does may give the time to arrive. */
  atFreeze: "buffered" | "in-flight";
  /** The program sends each event at once, and people take that for enough: said in `strict` only. */
  strict: boolean;
}

/** What a capture comes to at a freeze; undefined where it is not lost, or where nobody has measured it. */
export function fateOf(hit: Hit, live: LiveInvocation, project: Project): Fate | undefined {
  const { vendor } = hit;
  if (!vendor || live.program.local.has(vendor) || live.invocation.waits.includes(vendor.name))
    return undefined;
  // what gives a promise is waited for, or not, on its own
  if (hit.facts?.style === "promise" && vendor.name !== "OpenTelemetry") return undefined;
  const starts = startsOf(vendor, live);
  const preloaded = live.program.entry.preloadPackages.length > 0 && live.program.started.has(vendor);
  if (!(preloaded || starts.length > 0) || !canBeFlushed(vendor)) return undefined;
  if (vendor.name === "Sentry" && isWrappedBySentry(live, project)) return undefined;
  if (hasFlushingPackage(vendor, live, project)) return undefined;
  return vendor.name === "OpenTelemetry"
    ? ofProcessors(starts, project)
    : ofRow(rowOf(vendor, starts, project), starts);
}

/** The row of the SDK that is started, or the vendor's first. */
function rowOf(vendor: Vendor, starts: readonly Hit[], project: Project): InvocationSdk | undefined {
  const rows = invocationSdks.filter((s) => s.vendor === vendor.name);
  const specifiers = starts.flatMap((h) => packageOf(h, project)?.specifiers ?? []);
  return rows.find((r) => r.specifiers.some((s) => specifiers.includes(s))) ?? rows[0];
}

function ofRow(row: InvocationSdk | undefined, starts: readonly Hit[]): Fate | undefined {
  if (!row || row.atFreeze === "written") return undefined;
  const set = (row.settings ?? []).filter((s) => starts.some((h) => hasSetting(h, s)));
  if (set.some((s) => s.delivers)) return undefined;
  return { atFreeze: set.length > 0 ? "in-flight" : row.atFreeze, strict: set.length > 0 };
}

/** `new PostHog(key, { waitUntil })`, `flushAt: 1`. */
const hasSetting = (
  { call }: Hit,
  { property, value }: NonNullable<InvocationSdk["settings"]>[number],
): boolean =>
  call?.args.some(
    (a) =>
      a.k === "obj" &&
      a.props.some(
        (p) => p.name === property && (value === undefined || (p.value.k === "lit" && p.value.v === value)),
      ),
  ) === true;

/** Spans go the way of the processors that are made where the SDK is started; one that nobody knows may do anything. */
function ofProcessors(starts: readonly Hit[], project: Project): Fate | undefined {
  const modules = new Set(starts.map((h) => h.fn.module));
  const made = [...modules].flatMap((module) =>
    module.calls
      .filter(({ call }) => call.isNew)
      .flatMap(({ call }) => project.values.callee(call.callee, module))
      .flatMap((v) => (v.v === "sdk" && v.sdk.is === "class" ? [v.sdk.cls] : [])),
  );
  if (
    made.some(
      ({ facts }) => (facts.part === "processor" && facts.buffering === "batch") || facts.part === "sdk",
    )
  )
    return { atFreeze: "buffered", strict: false };
  const parts = made.flatMap(({ name }) => invocationSdks.filter((s) => s.part === name));
  return parts.length > 0 &&
    made.every(({ facts }) => facts.part !== "processor" || facts.buffering === "immediate")
    ? { atFreeze: "in-flight", strict: true }
    : undefined;
}

/** The program has the Sentry package of a framework, or gives its handlers to a wrapper: both wait for what was captured. */
function isWrappedBySentry({ program, own, reach }: LiveInvocation, project: Project): boolean {
  const files = [...reach].some((file) =>
    project.index.scan(file).imports.some((i) => i.kind !== "type" && wrappedBySentry.test(i.specifier)),
  );
  return files || [...program.hits, ...own.hits].some(isWrapperOfSentry) || hasLayer("Sentry", project);
}

/** `NODE_OPTIONS` or a layer of the deployment starts the SDK around the handlers. */
const hasLayer = (vendor: string, project: Project): boolean =>
  invocationPreloads.some(
    (p) =>
      p.vendor === vendor &&
      (project.index.manifestFiles.some((file) => /\.ya?ml$/.test(file) && says(file, p.names, project)) ||
        project.index.preloadPackages().some((name) => p.names.test(name))),
  );

/** The vendor's packages have something that can be waited for. */
const canBeFlushed = (vendor: Vendor): boolean =>
  vendor.packages.some((p) =>
    Object.values(p.exports).some(
      (e) =>
        (e.kind === "function" && e.role === "flush") ||
        (e.kind === "class" && Object.values(e.members).some((m) => "role" in m && m.role === "flush")),
    ),
  );

/** The program has a package that sends what is there before each invocation ends. */
function hasFlushingPackage(
  vendor: Vendor,
  { program, invocation }: LiveInvocation,
  { index }: Project,
): boolean {
  if (vendor.name !== "OpenTelemetry") return false;
  return [index.packageOf(invocation.fn.module.file)?.json, index.packageOf(program.entry.file)?.json].some(
    (json) =>
      Object.keys({ ...json?.dependencies, ...json?.devDependencies }).some((name) =>
        flushingPackages.test(name),
      ),
  );
}
