import type { PackageFacts } from "../knowledge/schema.js";

const variants = new WeakMap<PackageFacts, Map<object, PackageFacts>>();

/**
 * The tables of a package for the version that a program asks for.
 * @param declared the range in its package.json (`^3.1.0`); without one the tables of the newest version are given
 */
export function forVersion(pkg: PackageFacts, declared: string | undefined): PackageFacts {
  const version = declared === undefined ? undefined : versionIn(declared);
  const major = version && pkg.majors?.find((m) => isIn(version, m.range));
  if (!major) return pkg;
  let known = variants.get(pkg);
  if (!known) variants.set(pkg, (known = new Map()));
  let variant = known.get(major);
  if (!variant) {
    const { naturalEndDelivers, capturesCrashes, endings, exports, crash } = major;
    variant = {
      ...pkg,
      exports: { ...pkg.exports, ...exports },
      ...(naturalEndDelivers === undefined ? {} : { naturalEndDelivers }),
      ...(capturesCrashes === undefined ? {} : { capturesCrashes }),
      ...(endings === undefined ? {} : { endings }),
      ...(crash === undefined ? {} : { crash }),
    };
    known.set(major, variant);
  }
  return variant;
}

/** Whether a declared range asks for a version in another (`<5`); undefined when it names no version. */
export function asksFor(declared: string | undefined, range: string): boolean | undefined {
  const version = declared === undefined ? undefined : versionIn(declared);
  return version && isIn(version, range);
}

/** `^0.11.2` -> [0, 11]; undefined for what names no version (`workspace:*`, `latest`, a path). */
function versionIn(declared: string): readonly [number, number] | undefined {
  if (/^(workspace|file|link|git|http|npm|catalog|portal|patch)|[/*]/.test(declared)) return undefined;
  const [, major, minor] = /^\D*(\d+)(?:\.(\d+))?/.exec(declared) ?? [];
  return major === undefined ? undefined : [Number(major), Number(minor ?? 0)];
}

/** `<3`, `>=3`, `<0.12`. */
function isIn([major, minor]: readonly [number, number], range: string): boolean {
  const [, operator, a, b] = /^(<|>=)(\d+)(?:\.(\d+))?$/.exec(range) ?? [];
  if (a === undefined) return false;
  const below = major < Number(a) || (major === Number(a) && minor < Number(b ?? 0));
  return operator === "<" ? below : !below;
}
