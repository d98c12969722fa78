import { expressionsIn } from "../chain/walk.js";
import { launchesOfWords } from "../program/index/entries/commands.js";
import { baseOf, dirOf, joinPath } from "../program/index/paths.js";
import type { Entry } from "../program/index/types.js";
import type { Project } from "../program/project.js";
import type { Expr, Fn, Module, Span } from "../syntax/ir.js";
import {
  documentsOf,
  entriesOf,
  fieldOf,
  itemsOf,
  scalarOf,
  textOf,
  wordsOf,
  type Field,
  type YamlDocument,
} from "./documents.js";
import { isForWork } from "./for-work.js";

/** Flags of Node, and where they are written. */
export interface PmFlags {
  text: string;
  at: Span;
}

/** An app of a pm2 ecosystem file. */
export interface Pm2App {
  /** Stands for the file. */
  fn: Fn;
  /** Its `script`. */
  at: Span;
  /** `kill_timeout`; `millis` is undefined where it is no plain number. */
  killTimeout: { millis: number | undefined; at: Span } | undefined;
  script: string;
  /** `node_args`, `interpreter_args`, and `NODE_OPTIONS` of its `env`: flags that Node is given. */
  flags: PmFlags[];
  /** Folders that its script may be seen from. */
  bases: readonly string[];
  /** Programs that its script may be. */
  entries: Entry[];
  env: ReadonlyMap<string, string | undefined>;
  /** More variables come from elsewhere. */
  openEnv: boolean;
}

const pm2Name = /^(?:ecosystem|pm2|process)[\w.-]*\.(?:[mc]?[jt]s|json|ya?ml)$/;

const known = new WeakMap<Project, Pm2App[]>();

/** The apps of every ecosystem file of a project, by their text: such a file is never loaded. */
export function pm2AppsOf(project: Project): Pm2App[] {
  let found = known.get(project);
  if (!found) {
    const { manifestFiles, sources } = project.index;
    found = [...manifestFiles, ...sources]
      .filter((file) => pm2Name.test(baseOf(file)) && !isForWork(file) && !project.index.isTest(file))
      .flatMap((file) => (/\.(json|ya?ml)$/.test(file) ? written(file, project) : coded(file, project)));
    known.set(project, found);
  }
  return found;
}

/** What an app says of itself, in JSON, YAML or code. */
interface Said {
  fn: Fn;
  script: string | undefined;
  at: Span;
  cwd: string | undefined;
  /** `args`, `watch` and the like. */
  watched: boolean;
  killTimeout: Pm2App["killTimeout"];
  flags: PmFlags[];
  env: Map<string, string | undefined>;
  openEnv: boolean;
}

function appOf(said: Said, project: Project): Pm2App[] {
  const { fn, script, at, cwd, killTimeout, env, openEnv, flags } = said;
  // a manager's or an interpreter's own name: what it runs is not followed
  if (script === undefined || said.watched || !/[./]/.test(script) || /\s/.test(script)) return [];
  const dir = dirOf(fn.module.file);
  const bases = project.index.commandLines.bases(dir, []);
  const moved =
    cwd === undefined ? [] : bases.flatMap((base) => joinPath(base, cwd.replace(/^\/+/, "")) ?? []);
  const all = [...moved, ...bases];
  const entries = project.index.commandLines.entriesOf(launchesOfWords(["node", script]), all);
  return entries.length > 0
    ? [{ fn, at, script, flags, bases: all, killTimeout, entries, env, openEnv }]
    : [];
}

const camel: Readonly<Record<string, string>> = {
  kill_timeout: "killTimeout",
  node_args: "nodeArgs",
  interpreter_args: "interpreterArgs",
};
const flagNames = ["node_args", "interpreter_args"];
const works = /^(dev|test)/;

function written(file: string, project: Project): Pm2App[] {
  return documentsOf(file, project, /\bapps\b/).flatMap((of) =>
    itemsOf(fieldOf(of.top, "apps", of), of).flatMap((item) => {
      const script = fieldOf(item, "script", of);
      if (!script) return [];
      const field = (name: string): Field | undefined =>
        fieldOf(item, name, of) ?? fieldOf(item, camel[name] ?? name, of);
      const timeout = field("kill_timeout");
      const env = variables(field("env"), of);
      const said: Said = {
        fn: of.fn,
        script: textOf(script),
        at: script.at,
        cwd: textOf(field("cwd")),
        watched:
          scalarOf(field("watch")) === true ||
          wordsOf(field("watch"), of) !== undefined ||
          works.test(env.get("NODE_ENV") ?? ""),
        killTimeout: timeout && { millis: numberOf(scalarOf(timeout)), at: timeout.at },
        flags: [...flagNames.map(field), fieldOf(field("env")?.value, "NODE_OPTIONS", of)].flatMap((f) => {
          const text = textOf(f) ?? wordsOf(f, of)?.join(" ");
          return f && text !== undefined ? [{ text, at: f.at }] : [];
        }),
        env,
        openEnv: false,
      };
      return appOf(said, project);
    }),
  );
}

const variables = (field: Field | undefined, of: YamlDocument): Map<string, string | undefined> =>
  new Map(entriesOf(field?.value, of).map(([name, value]) => [name, String(scalarOf(value) ?? "")] as const));

/** pm2 takes numbers, and texts that are numbers. */
const numberOf = (value: unknown): number | undefined => {
  const number = typeof value === "string" && /^\d+$/.test(value) ? Number(value) : value;
  return typeof number === "number" && Number.isFinite(number) ? number : undefined;
};

type Obj = Expr & { k: "obj" };

function coded(file: string, project: Project): Pm2App[] {
  const text = project.index.read(file);
  if (text === undefined || text.length > 64_000 || !/\bapps\b/.test(text)) return [];
  const module = project.module(file);
  if (!module) return [];
  return expressionsIn(module).flatMap(({ e }) => {
    const apps = e.k === "obj" ? e.props.find((p) => p.name === "apps")?.value : undefined;
    if (!apps) return [];
    const items = apps.k === "arr" ? apps.items : itemsOfValue(apps, module, project);
    return items.flatMap((item) => {
      const app = item.k === "obj" ? item : objectOf(item, module, project);
      return app ? codedApp(app, module, project) : [];
    });
  });
}

const itemsOfValue = (e: Expr, module: Module, project: Project): Expr[] =>
  project.values.of(e, module).flatMap((v) => (v.v === "array" ? v.items : []));

/** An object of the same file that a name stands for. */
const objectOf = (e: Expr, module: Module, project: Project): Obj | undefined => {
  const [value, ...more] = project.values.of(e, module);
  return value?.v === "object" && value.module === module && more.length === 0 ? value.obj : undefined;
};

function codedApp(app: Obj, module: Module, project: Project): Pm2App[] {
  const prop = (name: string): Expr | undefined =>
    app.props.findLast((p) => p.name === name || p.name === camel[name])?.value;
  const script = prop("script");
  const timeout = prop("kill_timeout");
  // a spread may bring one
  if (!script || (!timeout && app.props.some((p) => p.name === undefined))) return [];
  const env = prop("env");
  const variables = new Map<string, string | undefined>(
    env?.k === "obj" ? env.props.map((p) => [p.name ?? "", textOfExpr(p.value)]) : [],
  );
  const watch = prop("watch");
  const said: Said = {
    fn: module.top,
    script: textOfExpr(script),
    at: script.at,
    cwd: textOfExpr(prop("cwd")),
    watched:
      (watch !== undefined && !(watch.k === "lit" && watch.v === false)) ||
      works.test(variables.get("NODE_ENV") ?? ""),
    killTimeout: timeout && {
      millis: timeout.k === "lit" ? numberOf(timeout.v) : undefined,
      at: timeout.at,
    },
    flags: [
      ...flagNames.map(prop),
      env?.k === "obj" ? env.props.findLast((p) => p.name === "NODE_OPTIONS")?.value : undefined,
    ].flatMap((e) => {
      const text = e?.k === "arr" ? e.items.map((item) => textOfExpr(item) ?? "").join(" ") : textOfExpr(e);
      return e && text !== undefined ? [{ text, at: e.at }] : [];
    }),
    env: variables,
    openEnv: env !== undefined && (env.k !== "obj" || env.props.some((p) => p.name === undefined)),
  };
  return appOf(said, project);
}

const textOfExpr = (e: Expr | undefined): string | undefined =>
  e?.k === "lit" && e.v !== null && e.v !== undefined ? String(e.v) : undefined;
