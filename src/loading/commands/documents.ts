import { createRequire } from "node:module";
import type * as Yaml from "yaml";
import { baseOf, dirOf } from "../../program/index/paths.js";
import { renderedTemplate } from "../../deployment/helm/charts.js";
import { isUnknownText } from "../../deployment/helm/unknown.js";
import { manifestPlace } from "../../program/manifest-place.js";
import type { Project } from "../../program/project.js";
import { isRenderedFrom } from "../../program/rendered.js";
import { flagsOfOptions, nodeCommandsOf } from "./flags.js";
import { optionsAlone, type Written } from "./written.js";

const require = createRequire(import.meta.url);
const longest = 300_000;
const asks = /NODE_OPTIONS|--require|--import|--loader|--experimental-loader|(?:^|[\s"'])-r[\s"',]/;
const composeName = /compose[\w.-]*\.ya?ml$/;

/** Commands and `NODE_OPTIONS` in YAML: containers of Kubernetes, values of Helm, services of compose. */
export function documentsOf(file: string, project: Project): Written[] {
  const written = project.index.read(file);
  if (written === undefined || written.length > longest) return [];
  // what stands in a template of a chart may come from its values
  const rendered = written.includes("{{") ? renderedTemplate(file, project) : undefined;
  const text = rendered?.text ?? written;
  if (!asks.test(text)) return [];
  if (/(^|[/.])(test|tests|e2e|ci|github|dev|local)([/.]|$)/.test(file)) return [];
  const yaml = require("yaml") as typeof Yaml;
  let documents: ReturnType<typeof Yaml.parseAllDocuments>;
  try {
    documents = yaml.parseAllDocuments(text, { logLevel: "silent", uniqueKeys: false });
  } catch {
    return [];
  }
  const fn = manifestPlace(file, text);
  if (rendered) isRenderedFrom(fn, rendered);
  const bases = project.index.commandLines.bases(dirOf(file), []);
  const found: Written[] = [];
  const add = (node: Yaml.Node, commands: Written["commands"]): void => {
    const { range } = node;
    if (!range || commands.length === 0) return;
    const end = range[0] + text.slice(range[0], range[1]).trimEnd().length;
    found.push({ fn, at: [range[0], end], commands, bases, image: "", script: undefined });
  };
  const isCompose = composeName.test(baseOf(file));
  for (const document of Array.isArray(documents) ? documents : []) {
    if (document.errors.length > 0) continue;
    yaml.visit(document, {
      Map(_, map) {
        const options = optionsIn(map, yaml);
        if (options) add(options.node, [optionsAlone(flagsOfOptions(options.value))]);
        // the commands of compose files are read with their images
        if (isCompose) return;
        const command = map.get("command", true);
        const args = map.get("args", true);
        const last = yaml.isSeq(args) ? args : yaml.isSeq(command) ? command : undefined;
        if (last && !isUnknownText(textsOf(last, yaml).join("")))
          add(last, nodeCommandsOf([...textsOf(command, yaml), ...textsOf(args, yaml)]));
      },
      Seq(_, list) {
        for (const item of list.items)
          if (yaml.isScalar(item) && typeof item.value === "string" && item.value.startsWith("NODE_OPTIONS="))
            add(item, [optionsAlone(flagsOfOptions(item.value.slice("NODE_OPTIONS=".length)))]);
      },
    });
  }
  return found;
}

/** `NODE_OPTIONS: x`, or `name: NODE_OPTIONS` beside `value: x`. */
function optionsIn(map: Yaml.YAMLMap, yaml: typeof Yaml): { node: Yaml.Scalar; value: string } | undefined {
  const own = map.get("NODE_OPTIONS", true);
  const named = map.get("name") === "NODE_OPTIONS" ? map.get("value", true) : undefined;
  const node = own ?? named;
  return yaml.isScalar(node) && typeof node.value === "string" && !isUnknownText(node.value)
    ? { node, value: node.value }
    : undefined;
}

const textsOf = (node: unknown, yaml: typeof Yaml): string[] =>
  yaml.isSeq(node)
    ? node.items.flatMap((item) =>
        yaml.isScalar(item) && typeof item.value === "string" ? [item.value] : [],
      )
    : [];
