/** Entries by the customs of frameworks and platforms: files are loaded because of where they lie. */
import { stringsOf } from "../json.js";
import type { Package } from "../packages.js";
import type { EntryContext, EntryList } from "./context.js";
import { frameworks, type Framework } from "./frameworks.js";

interface Found {
  pkg: Package;
  framework: Framework;
  files: string[];
  preloads: string[];
}

function frameworksOf(pkg: Package): Framework[] {
  const { json } = pkg;
  const names = new Set(
    [json?.dependencies, json?.devDependencies, json?.peerDependencies].flatMap((list) =>
      Object.keys(stringsOf(list)),
    ),
  );
  return frameworks.filter((framework) => framework.packages.some((name) => names.has(name)));
}

export function addFrameworks(context: EntryContext, list: EntryList): void {
  const byPackage = new Map<Package, Found[]>();
  for (const file of context.sources) {
    if (context.isTest(file)) continue;
    const pkg = context.resolver.packageOf(file);
    if (pkg === undefined) continue;
    let found = byPackage.get(pkg);
    if (found === undefined) {
      found = frameworksOf(pkg).map((framework) => ({ pkg, framework, files: [], preloads: [] }));
      byPackage.set(pkg, found);
    }
    const path = pkg.dir === "" ? file : file.slice(pkg.dir.length + 1);
    for (const each of found) {
      if (!each.framework.entry.test(path)) continue;
      each.files.push(file);
      if (each.framework.preload?.test(path) === true) each.preloads.push(file);
    }
  }
  for (const found of byPackage.values()) for (const each of found) addFound(list, each);
}

function addFound(list: EntryList, { pkg, framework, files, preloads }: Found): void {
  const started = list.frameworkPreloads.get(pkg.dir);
  for (const file of files) {
    const path = pkg.dir === "" ? file : file.slice(pkg.dir.length + 1);
    if (framework.elsewhere?.test(path) === true) {
      list.add(file, "framework", { file });
      continue;
    }
    const own = preloads.includes(file) ? [] : preloads;
    list.add(
      file,
      "framework",
      { file },
      [...(started?.preloads ?? []), ...own],
      started?.preloadPackages ?? [],
    );
  }
}
