import type { PackageFacts, Vendor } from "../knowledge/schema.js";

/** A vendor without a public flush or close leaves nothing to wait for. */
export function canFlush(vendor: Vendor): boolean {
  let known = flushable.get(vendor);
  if (known === undefined) flushable.set(vendor, (known = vendor.packages.some(hasFlush)));
  return known;
}

/** A package whose client has neither: raven, beside the others of Sentry. */
export const isWithoutFlush = (pkg: PackageFacts): boolean =>
  Object.values(pkg.exports).some((e) => e.kind === "class" && e.part === "client") && !hasFlush(pkg);

const hasFlush = (pkg: PackageFacts): boolean =>
  Object.values(pkg.exports).some(
    (e) =>
      (e.kind === "function" && isFlush(e.role)) ||
      (e.kind === "class" && Object.values(e.members).some((m) => "role" in m && isFlush(m.role))),
  );

const flushable = new WeakMap<Vendor, boolean>();
const isFlush = (role: string): boolean => role === "flush" || role === "close";
