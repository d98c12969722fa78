import { takesEverything, harmlessPlugins } from "../../knowledge/bundlers.js";
import { baseOf, dirOf, joinPath } from "../../program/index/paths.js";
import type { Project } from "../../program/project.js";
import type { Expr, Module } from "../../syntax/ir.js";
import { entryOf, type Bundle } from "./bundle.js";
import { configsIn, entriesOf, literalOf, optionOf, pathOf, type Obj } from "./config-object.js";

/** What a configuration says of its bundles; undefined where it leaves packages outside, or may. */
interface Said {
  entries: { name: string | undefined; path: string }[];
  /** The option that a maintainer would change. */
  at: Expr;
  /** Folder and name of what it writes; `[name]` in it is that of the entry. */
  dir: string;
  file: string | undefined;
  external: readonly string[];
}

type Reader = (config: Obj, module: Module, project: Project) => Said | undefined;

/**
 * The bundles of configuration files: webpack for Node without `externals`, tsup with `noExternal` for everything, Rollup that resolves
 * packages, Vite with `ssr.noExternal`. A file that is computed, or has plugins that nobody knows, says nothing.
 */
export function bundlesOfConfigs(project: Project): Bundle[] {
  const { index } = project;
  return index.sources.flatMap((file) => {
    const tool = tools.find(({ name }) => name.test(baseOf(file)));
    const own = index.packageOf(file);
    if (
      !tool ||
      !own ||
      index.isTest(file) ||
      own.dir !== dirOf(file) ||
      !isCalled(tool.command, file, project)
    )
      return [];
    const module = project.module(file);
    return (module ? configsIn(module, project) : []).flatMap((config): Bundle[] => {
      const said = module && tool.read(config, module, project);
      if (!module || !said) return [];
      return said.entries.flatMap(({ name, path }): Bundle[] => {
        const entry = entryOf(path, own.dir, project);
        if (entry === undefined) return [];
        const plain = name ?? (tool.named ? baseOf(path).replace(/\.\w+$/, "") : "main");
        const names =
          said.file !== undefined
            ? [said.file.replaceAll("[name]", plain)]
            : [".js", ".cjs", ".mjs"].map((ending) => `${plain}${ending}`);
        const outputs = names.flatMap(
          (one) => joinPath(own.dir, `${said.dir.replace(/^\.\//, "")}/${one}`) ?? [],
        );
        const { at } = said.at;
        return [{ tool: tool.title, fn: module.top, at, entry, outputs, external: said.external }];
      });
    });
  });
}

/** A script of the package calls the tool with this file. */
function isCalled(command: string, file: string, project: Project): boolean {
  const scripts = Object.values(project.index.packageOf(file)?.json?.scripts ?? {});
  return scripts.some(
    (line) =>
      typeof line === "string" &&
      new RegExp(`(?:^|[\\s&;])${command}(?:\\s|$)`).test(line) &&
      (!/\s(?:-c|--config)[\s=]/.test(line) || line.includes(baseOf(file))),
  );
}

const webpack: Reader = (config, module, project) => {
  const target = optionOf(config, "target");
  const targets = target?.k === "arr" ? target.items.map(literalOf) : [literalOf(target)];
  if (!target || !targets.some((t) => typeof t === "string" && /^(async-)?node/.test(t))) return undefined;
  if (optionOf(config, "externals") !== undefined || optionOf(config, "context") !== undefined)
    return undefined;
  if (optionOf(config, "extends") !== undefined || !knows(optionOf(config, "plugins"), module, project))
    return undefined;
  const entries = entriesOf(optionOf(config, "entry"));
  const path = optionOf(config, "output.path");
  const name = optionOf(config, "output.filename");
  const dir = path === undefined ? "dist" : pathOf(path);
  const file = name === undefined ? "[name].js" : literalOf(name);
  if (!entries || dir === undefined || typeof file !== "string" || /\[(?!name\])/.test(file))
    return undefined;
  return { entries, at: target, dir, file, external: [] };
};

const tsup: Reader = (config, module, project) => {
  const inside = optionOf(config, "noExternal");
  if (!inside || optionOf(config, "skipNodeModulesBundle") !== undefined) return undefined;
  if (literalOf(optionOf(config, "bundle")) === false || optionOf(config, "esbuildPlugins") !== undefined)
    return undefined;
  if (optionOf(config, "plugins") !== undefined || optionOf(config, "esbuildOptions") !== undefined)
    return undefined;
  const text = project.index.read(module.file) ?? "";
  const items = inside.k === "arr" ? inside.items : [];
  if (!items.some(({ at }) => takesEverything.test(text.slice(...at)))) return undefined;
  const external = optionOf(config, "external");
  const outside = external === undefined ? [] : textsOf(external);
  const entries = entriesOf(optionOf(config, "entry") ?? optionOf(config, "entryPoints"));
  const out = optionOf(config, "outDir");
  const dir = out === undefined ? "dist" : pathOf(out);
  if (!entries || dir === undefined || !outside) return undefined;
  return { entries, at: inside, dir, file: undefined, external: outside };
};

const vite: Reader = (config, module, project) => {
  const inside = optionOf(config, "ssr.noExternal");
  if (!inside || literalOf(inside) !== true || optionOf(config, "ssr.external") !== undefined)
    return undefined;
  if (!knows(optionOf(config, "plugins"), module, project)) return undefined;
  if (
    optionOf(config, "root") !== undefined ||
    optionOf(config, "build.rollupOptions.external") !== undefined
  )
    return undefined;
  if (optionOf(config, "build.rollupOptions.output") !== undefined) return undefined;
  const ssr = optionOf(config, "build.ssr");
  const entries = entriesOf(literalOf(ssr) === true ? optionOf(config, "build.rollupOptions.input") : ssr);
  const out = optionOf(config, "build.outDir");
  const dir = out === undefined ? "dist" : pathOf(out);
  return entries && dir !== undefined
    ? { entries, at: inside, dir, file: undefined, external: [] }
    : undefined;
};

const rollup: Reader = (config, module, project) => {
  const plugins = optionOf(config, "plugins");
  if (optionOf(config, "external") !== undefined || !knows(plugins, module, project)) return undefined;
  const resolving =
    plugins?.k === "arr" ? plugins.items.find((p) => isResolving(p, module, project)) : undefined;
  const entries = entriesOf(optionOf(config, "input"));
  const output = optionOf(config, "output");
  if (!resolving || !entries || output?.k !== "obj") return undefined;
  const file = pathOf(optionOf(output, "file"));
  const dir = file === undefined ? pathOf(optionOf(output, "dir")) : dirOf(file.replace(/^\.\//, ""));
  if (dir === undefined || optionOf(output, "entryFileNames") !== undefined) return undefined;
  return { entries, at: resolving, dir, file: file === undefined ? undefined : baseOf(file), external: [] };
};

const tools: readonly {
  title: Bundle["tool"];
  command: string;
  name: RegExp;
  /** What it writes is called as the entry; webpack calls the only one `main`. */
  named: boolean;
  read: Reader;
}[] = [
  {
    title: "webpack",
    command: "webpack(?:-cli)?",
    name: /^webpack[\w.-]*\.[mc]?[jt]s$/,
    named: false,
    read: webpack,
  },
  { title: "tsup", command: "tsup(?:-node)?", name: /^tsup\.config\.[mc]?[jt]s$/, named: true, read: tsup },
  { title: "Vite", command: "vite build", name: /^vite[\w.-]*\.[mc]?[jt]s$/, named: true, read: vite },
  { title: "Rollup", command: "rollup", name: /^rollup[\w.-]*\.[mc]?[jt]s$/, named: true, read: rollup },
];

/** None of the plugins can leave packages outside. */
function knows(plugins: Expr | null | undefined, module: Module, project: Project): boolean {
  if (plugins === undefined) return true;
  return (
    plugins?.k === "arr" && plugins.items.every((plugin) => packageOf(plugin, module, project) !== undefined)
  );
}

/** The package of a plugin that is known to leave externals alone. */
function packageOf(plugin: Expr, module: Module, project: Project): string | undefined {
  if (plugin.k !== "call") return undefined;
  const [callee, ...more] = project.values.callee(plugin.callee, module);
  if (callee?.v !== "package" || more.length > 0) return undefined;
  const known = harmlessPlugins[callee.specifier];
  return known === true || known?.test(callee.path) === true ? callee.specifier : undefined;
}

/** `nodeResolve()` without a list of what it resolves. */
const isResolving = (plugin: Expr, module: Module, project: Project): boolean =>
  plugin.k === "call" &&
  packageOf(plugin, module, project) === "@rollup/plugin-node-resolve" &&
  plugin.args.every(
    (a) =>
      a.k === "obj" &&
      a.props.every(({ name }) => name !== undefined && !/^(resolveOnly|modulesOnly)$/.test(name)),
  );

function textsOf(e: Expr | null): string[] | undefined {
  if (e?.k !== "arr") return undefined;
  const texts = e.items.flatMap((item) => (item.k === "lit" && typeof item.v === "string" ? [item.v] : []));
  return texts.length === e.items.length ? texts : undefined;
}
