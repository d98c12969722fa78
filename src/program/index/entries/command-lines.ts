/** Answers what a command line of a manifest means in the project, for whoever follows one. */
import { baseOf, joinPath } from "../paths.js";
import type { Entry } from "../types.js";
import type { Launch } from "./commands.js";
import { containerBases } from "./container-entries.js";
import { EntryList, type EntryContext } from "./context.js";
import { Starter } from "./start.js";

/** A script of package.json. */
export interface PackageScript {
  /** The folder of its package. */
  dir: string;
  command: string;
}

export class CommandLines {
  constructor(private readonly context: EntryContext) {}

  /**
   * Folders of the project that the working directory of a container may stand for, likeliest first.
   * @param dir the folder of the manifest
   * @param folders `WORKDIR`s, in order
   */
  bases(dir: string, folders: readonly string[]): string[] {
    return containerBases(this.context, dir, folders);
  }

  /** The programs that launches start. */
  entriesOf(launches: readonly Launch[], bases: readonly string[]): Entry[] {
    const list = new EntryList();
    new Starter(this.context, list).start(launches, {
      bases,
      reason: "dockerfile",
      where: { file: "" },
      container: true,
    });
    return list.sorted();
  }

  /** The shell script of the project that a path in a container means; by its bare name when only one has it. */
  shellScript(written: string, bases: readonly string[]): string | undefined {
    const { manifests } = this.context;
    const starter = new Starter(this.context, new EntryList());
    for (const path of starter.paths(written, {
      bases,
      reason: "dockerfile",
      where: { file: "" },
      container: true,
    }))
      if (manifests.has(path)) return path;
    const named = manifests.files.filter((file) => baseOf(file) === baseOf(written));
    return named.length === 1 ? named[0] : undefined;
  }

  /** The script of package.json that `npm run` and its like run. */
  packageScript(launch: Launch & { kind: "script" }, bases: readonly string[]): PackageScript | undefined {
    const moved = launch.cwd.flatMap((change) => bases.flatMap((base) => joinPath(base, change) ?? []));
    const place = { bases: moved.length > 0 ? moved : bases, reason: "script", where: { file: "" } } as const;
    for (const { dir, json } of new Starter(this.context, new EntryList()).scriptPackages(launch, place)) {
      const command = json?.scripts?.[launch.script];
      if (typeof command === "string") return { dir, command };
    }
    return undefined;
  }
}
