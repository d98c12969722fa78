import type { Scene } from "./scene.js";

/** Modules of Node.js that hold no process up once what they were asked for is done. */
const FINITE =
  /^(node:)?(fs|fs\/promises|path|os|util|url|crypto|zlib|stream|stream\/promises|process|assert|buffer|perf_hooks|events|module)$/;
const WAITS = /setInterval|WebSocket|EventSource|process\.stdin|\bDeno\.|\bBun\./;

/**
 * Whether a program may live on after its entry has failed: it serves, or it opens what a package may hold open. To set the exit
 * code alone would then leave it hanging, where the failure ended it at once before.
 */
export function mayLiveOn({ lifespan, lost, project }: Scene): boolean {
  if (lifespan === "service") return true;
  const { index } = project;
  return [lost.run.entry.file, ...lost.run.files].some(
    (file) =>
      WAITS.test(index.read(file) ?? "") ||
      index
        .scan(file)
        .imports.some(
          ({ kind, specifier }) =>
            kind !== "type" &&
            index.resolve(file, specifier) === undefined &&
            project.lookup.package(specifier) === undefined &&
            !specifier.startsWith("@opentelemetry/") &&
            !FINITE.test(specifier),
        ),
  );
}
