/** Finds where the programs of a project start. */
import { addContainers } from "./entries/container-entries.js";
import { EntryList, type EntryContext } from "./entries/context.js";
import { addFrameworks } from "./entries/framework-entries.js";
import { addBins, addMains, addOclif, addScripts } from "./entries/package-entries.js";
import { addRoots, addWorkers } from "./entries/root-entries.js";
import { addServices } from "./entries/service-entries.js";
import { Starter } from "./entries/start.js";
import type { Entry } from "./types.js";

/** All entries, sorted by file. Where several things name a file with the same preloads, the most telling reason stays. */
export function entriesOfProject(context: EntryContext): Entry[] {
  const list = new EntryList();
  const starter = new Starter(context, list);
  const packages = context.resolver.packages.all;
  for (const pkg of packages) addBins(context, list, pkg);
  addContainers(context, starter);
  addServices(context, list, starter);
  for (const pkg of packages) addScripts(context, starter, pkg);
  for (const pkg of packages) addOclif(context, list, pkg);
  addFrameworks(context, list);
  for (const pkg of packages) addMains(context, list, pkg);
  addWorkers(context, list);
  addRoots(context, list);
  return list.sorted();
}
