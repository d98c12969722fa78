import { composeServicesOf, type Service } from "../deployment/compose.js";
import { fieldOf, itemsOf, scalarOf, textOf, wordsOf } from "../deployment/documents.js";
import { pathOfImage } from "../deployment/links.js";
import { isSaidElsewhere } from "../deployment/overlays.js";
import { collectorsFromScratch, healthPrograms } from "../knowledge/collectors.js";
import type { ChainBreak } from "../program/details.js";
import { baseOf } from "../program/index/paths.js";
import type { Project } from "../program/project.js";
import type { Span } from "../syntax/ir.js";
import { dependenciesOf, isRunBy } from "./together.js";

/** A service that runs a program with telemetry and waits for a collector to be healthy. */
export interface Waiting {
  service: Service;
  /** `condition: service_healthy`. */
  at: Span;
}

/**
 * Collectors in compose files that can never be healthy, while a program waits for just that and so is never started. `names`: the
 * collector, the program's service, what the health check runs (empty where there is none).
 */
export function hopelessHealthChecks(project: Project): ChainBreak[] {
  const services = composeServicesOf(project);
  return services.flatMap((collector): ChainBreak[] => {
    const failing = failingCheck(collector, project);
    if (!failing) return [];
    const [first, ...more] = waitingFor(collector, services, project);
    if (!first) return [];
    const { of } = collector;
    return [
      {
        kind: "chain-break",
        check: "no-health-check",
        fn: of.fn,
        at: failing.at,
        names: [collector.name, first.service.name, failing.word],
        others: [first, ...more].map(({ service, at }) => ({
          fn: service.of.fn,
          at,
          message: `${service.name} waits for it here`,
        })),
      },
    ];
  });
}

/** The services with telemetry that are started only when a collector is healthy. */
export function waitingFor(collector: Service, services: readonly Service[], project: Project): Waiting[] {
  return services.flatMap((service) => {
    if (service.of !== collector.of || !project.runs().some((run) => isRunBy(run, service, project)))
      return [];
    return dependenciesOf(service).flatMap(({ name, condition, at, optional }) =>
      name === collector.name && condition === "service_healthy" && at && !optional ? [{ service, at }] : [],
    );
  });
}

/** Where a health check stands that cannot succeed in this image, or the service that has none. */
function failingCheck(collector: Service, project: Project): { at: Span; word: string } | undefined {
  const { image, build, map, of, at } = collector;
  // `build` and `image` together: the image is made here, from whatever
  if (image === undefined || build || !isFromScratch(image)) return undefined;
  if (bringsPrograms(collector) || isSaidElsewhere(collector, ["healthcheck", "image"], project))
    return undefined;
  const check = fieldOf(map, "healthcheck", of);
  if (!check) return { at, word: "" };
  if (scalarOf(fieldOf(check.value, "disable", of)) === true) return { at: check.at, word: "" };
  const test = fieldOf(check.value, "test", of);
  if (!test) return { at: check.keyAt, word: "" };
  // a line is run by the shell, and so is what stands behind `CMD-SHELL`
  const words = textOf(test) === undefined ? wordsOf(test, of) : ["CMD-SHELL"];
  const [form, program] = words ?? [];
  if (form === "NONE") return { at: test.at, word: "" };
  if (form === "CMD-SHELL") return { at: test.at, word: "sh" };
  if (form !== "CMD" || program === undefined || !healthPrograms.includes(baseOf(program))) return undefined;
  return { at: test.at, word: baseOf(program) };
}

const isFromScratch = (image: string): boolean =>
  collectorsFromScratch.some((name) => name.test(pathOfImage(image)));

/** Folders of programs are mounted into it. */
const bringsPrograms = ({ map, of }: Service): boolean =>
  itemsOf(fieldOf(map, "volumes", of), of).some((volume) => {
    const given: unknown = volume?.toJSON();
    const target = typeof given === "string" ? given : textOf(fieldOf(volume, "target", of));
    return target !== undefined && /(^|:)\/(usr\/(local\/)?)?s?bin\b/.test(target);
  });
