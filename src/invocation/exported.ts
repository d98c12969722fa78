import { httpMethods, lambdaModules, workerHandlers, type PlatformName } from "../knowledge/invocations.js";
import type { Project } from "../program/project.js";
import { says } from "../program/says.js";
import type { Expr, Module } from "../syntax/ir.js";
import {
  frameworkPartsOf,
  isBuiltByVercel,
  isNetlifyFunction,
  isVercelFunction,
  nextPartOf,
  platformOfWorker,
} from "./deployed.js";
import { lambdaExports } from "./manifests.js";

/** An exported value that a platform runs. */
interface ExportedHandler {
  platform: PlatformName;
  e: Expr;
  /** Properties that hold the functions, where it is an object. */
  names: readonly string[] | undefined;
}

/** What a file exports for a platform to run, as far as its place, its types or a manifest show. */
export function exportedHandlers(module: Module, project: Project): ExportedHandler[] {
  const { file } = module;
  if (project.index.isTest(file)) return [];
  if (isNetlifyFunction(file, project)) return named(module, ["handler", "default"], "netlify");
  const lambda = ofLambda(module, project);
  if (lambda.length > 0) return lambda;
  const part = nextPartOf(file, project);
  if (part === "route") return named(module, httpMethods, "vercel");
  if (part === "api") return named(module, ["default", "="], "vercel");
  if (part === "middleware") return named(module, ["middleware", "proxy", "default"], "vercel");
  if (part === "action") return named(module, [...module.exports.keys()], "vercel");
  const framework = frameworkPartsOf(file, project);
  if (framework)
    return framework.files.flatMap(({ exports, objects: isObject }) =>
      isObject
        ? propertiesOf(module, exports, framework.platform)
        : named(module, exports, framework.platform),
    );
  if (isVercelFunction(file, project)) return named(module, ["default", "=", ...httpMethods], "vercel");
  if (isBuiltByVercel(file, project)) return named(module, ["default", "="], "vercel");
  if (platformOfWorker(file, project) && says(file, "default", project))
    return objects(module, ["default"], "workers", workerHandlers);
  return [];
}

/** Named in a manifest, or called `handler` in a file that speaks of AWS Lambda. */
function ofLambda(module: Module, project: Project): ExportedHandler[] {
  const names = lambdaExports(module.file, project);
  const speaks = module.imports.some((i) => lambdaModules.test(i.specifier));
  return named(module, [...names, ...(speaks ? ["handler", "lambdaHandler"] : [])], "lambda");
}

const named = (module: Module, names: readonly string[], platform: PlatformName): ExportedHandler[] =>
  objects(module, names, platform, undefined);

/** `export const actions = { async buy() {} }`: each property is run. */
const propertiesOf = (module: Module, names: readonly string[], platform: PlatformName): ExportedHandler[] =>
  objects(module, names, platform, undefined).flatMap((found) => {
    const [e = found.e] = found.e.k === "id" && found.e.bind?.constant ? found.e.bind.values : [];
    return e.k === "obj" ? e.props.map((p) => ({ ...found, e: p.value })) : [];
  });

function objects(
  module: Module,
  names: readonly string[],
  platform: PlatformName,
  properties: readonly string[] | undefined,
): ExportedHandler[] {
  return [...new Set(names)].flatMap((name) => {
    const found = module.exports.get(name);
    return found?.kind === "value" ? [{ platform, e: found.e, names: properties }] : [];
  });
}
