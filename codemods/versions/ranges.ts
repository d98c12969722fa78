import type { Edit } from "../../src/finding.js";
import type { ChainBreak } from "../../src/program/details.js";
import type { Project } from "../../src/program/project.js";
import { lowestOf, versionOf, type Version } from "../../src/versions/ranges.js";
import { rangeOf, type Dependency } from "../../src/versions/installed.js";
import { brokenMixes } from "../../src/versions/mixes.js";
import { placeOf } from "../../src/versions/place.js";
import type { ChainRepair } from "../edit/repair.js";

/**
 * Asks for the release of the SDK. The constructors of the parts take the same options in both, so the code stays as it is; what
 * is installed changes with the next install.
 * @returns undefined where the code would have to change with the version
 */
export const repairVersions: ChainRepair = (broken, project) => {
  const mixes = brokenMixes(project)
    .get(broken.fn.module.file)
    ?.find((group) => isOf(group.broken, broken));
  if (!mixes) return undefined;
  const edits: Edit[] = [];
  for (const { mix, part, host } of mixes.group) {
    const range = mix.twins
      ? (host.dependency.version ?? rangeOf(host.dependency))
      : mix.fits && ((isExporter(part.dependency) && releaseOf(host.dependency)) || mix.fits);
    const edit = range === undefined ? undefined : rangeEdit(part.dependency, range, project);
    if (!edit) return undefined;
    if (!edits.some(({ file, start }) => file === edit.file && start === edit.start)) edits.push(edit);
  }
  return { level: "review", title: "Ask for the release of the SDK, then install", edits };
};

const isOf = (a: ChainBreak, b: ChainBreak): boolean => a.at[0] === b.at[0] && a.names[4] === b.names[4];

function rangeEdit(part: Dependency, range: string, project: Project): Edit | undefined {
  const place = placeOf(part, project);
  // what a catalog, an override or an alias says stands elsewhere
  if (!place || part.effective !== undefined || lowestOf(part.declared) === undefined) return undefined;
  const [start, end] = place.range;
  return { file: place.fn.module.file, start, end, text: JSON.stringify(inStyleOf(part.declared, range)) };
}

/** A version that was pinned stays pinned. */
const inStyleOf = (declared: string, range: string): string =>
  /^\d+\.\d+\.\d+$/.test(declared) ? range.replace(/^[~^]/, "") : range;

const isExporter = ({ name }: Dependency): boolean => name.startsWith("@opentelemetry/exporter-");

/** The release of the experimental packages that goes with a version of the SDK: 0.57 with 1.30. */
function releaseOf(dependency: Dependency): string | undefined {
  const { name, version } = dependency;
  const [major, minor]: Version | [] =
    (version === undefined ? undefined : versionOf(version)) ?? lowestOf(rangeOf(dependency)) ?? [];
  if (major === undefined || minor === undefined || !name.startsWith("@opentelemetry/")) return undefined;
  if (major === 0) return `^0.${String(minor)}.0`;
  // 1.18 came with 0.45 and every later one with the next
  return major === 1 && minor >= 18 ? `^0.${String(minor + 27)}.0` : undefined;
}
