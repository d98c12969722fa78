import type { Project } from "../program/project.js";
import type { ChainBreak } from "../program/details.js";
import { containersOf } from "./containers.js";
import { follow, type Obstacle } from "./follow.js";
import { listenersIn } from "./programs.js";

/**
 * Places where a container keeps SIGTERM from a program that has something to lose: one for each place.
 * @param kind which obstacle
 */
export function unheardSignals(kind: Obstacle["kind"], project: Project): ChainBreak[] {
  const found = new Map<string, ChainBreak>();
  for (const container of containersOf(project)) {
    for (const started of follow(container, project)) {
      const { obstacle } = started;
      if (obstacle?.kind !== kind) continue;
      const { fn, at } = obstacle.place;
      const key = `${fn.module.file}:${String(at[0])}`;
      const listener = found.has(key) ? undefined : listenersIn(started, project);
      if (!listener) continue;
      const others = [{ fn: listener.fn, at: listener.at, message: listener.why }];
      const { fn: image, at: command } = container.place;
      if (image.module.file !== fn.module.file)
        others.unshift({
          fn: image,
          at: command,
          message: `the ${container.tells ? "service" : "container"} runs it from here`,
        });
      found.set(key, {
        kind: "chain-break",
        check: kind,
        fn,
        at,
        names: [obstacle.by, listener.vendors[0] ?? ""],
        ...(obstacle.unsure ? { strict: true } : {}),
        others,
      });
    }
  }
  return [...found.values()];
}
