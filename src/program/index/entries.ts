/** Finds where the programs of a project start. */
import { addContainers } from "./entries/container-entries.js";
import { EntryList, type EntryContext } from "./entries/context.js";
import { addFrameworks } from "./entries/framework-entries.js";
import { addBins, addMains, addOclif, addScripts } from "./entries/package-entries.js";
import { addRoots, addWorkers } from "./entries/root-entries.js";
import { addServices } from "./entries/service-entries.js";
import { Starter } from "./entries/start.js";
import type { Entry } from "./types.js";

/** Entries that a manifest or a framework's custom names; reads no source but configs of process managers. */
function namedEntries(context: EntryContext): EntryList {
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
  return list;
}

/** The entries of a project, found in two steps: what is named, and what only the import graph tells. */
export class Entries {
  private readonly list: EntryList;
  private all: Entry[] | undefined;

  constructor(private readonly context: EntryContext) {
    this.list = namedEntries(context);
  }

  /** Packages that named entries, or the frameworks they start, preload; sorted. */
  preloadPackages(): string[] {
    const packages = this.list.sorted().flatMap((entry) => entry.preloadPackages);
    for (const started of this.list.frameworkPreloads.values()) packages.push(...started.preloadPackages);
    return [...new Set(packages)].sort();
  }

  /** All entries, sorted by file. Where several things name a file with the same preloads, the most telling reason stays. */
  sorted(): Entry[] {
    if (this.all === undefined) {
      addWorkers(this.context, this.list);
      addRoots(this.context, this.list);
      this.all = this.list.sorted();
    }
    return this.all;
  }
}
