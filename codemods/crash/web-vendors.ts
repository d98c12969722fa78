import type { Edit } from "../../src/finding.js";
import type { Scene } from "./scene.js";
import type { Spot } from "./tell.js";
import type { App } from "./web-app.js";
import { namespaceAt } from "./web-namespace.js";

/** A statement that lets an SDK hear of an app's failures. */
export interface HookStatement {
  statement: string;
  edits: Edit[];
}

/**
 * How the hooks of the tables are put into an app: `#` stands for the SDK, `$` for the app. Documentation of Sentry 6 to 10, raven 2,
 * Rollbar 2 and Honeybadger 6; what sends 404 and its like as well is left to a hook of the program's own.
 */
const FORMS: Record<string, Record<string, string>> = {
  setupExpressErrorHandler: { "express app": "#.setupExpressErrorHandler($)" },
  setupConnectErrorHandler: { "connect app": "#.setupConnectErrorHandler($)" },
  setupFastifyErrorHandler: { "fastify app": "#.setupFastifyErrorHandler($)" },
  setupKoaErrorHandler: { "koa app": "#.setupKoaErrorHandler($)" },
  setupHapiErrorHandler: { "hapi server": "await #.setupHapiErrorHandler($)" },
  "Handlers.errorHandler": {
    "express app": "$.use(#.Handlers.errorHandler())",
    "connect app": "$.use(#.Handlers.errorHandler())",
  },
  "Sentry/errorHandler": {
    "express app": "$.use(#.errorHandler())",
    "connect app": "$.use(#.errorHandler())",
  },
  "Rollbar/errorHandler": {
    "express app": "$.use(#.errorHandler())",
    "connect app": "$.use(#.errorHandler())",
  },
  "Honeybadger/errorHandler": {
    "express app": "$.use(#.errorHandler)",
    "connect app": "$.use(#.errorHandler)",
  },
};

/** The SDK's own hook for a framework; undefined where it has none that is known, or the SDK cannot be had there. */
export function vendorsHook(
  scene: Scene,
  spot: Spot,
  { name }: Pick<App, "name">,
): HookStatement | undefined {
  const { facts, details } = scene;
  const { runner = "" } = details;
  const hooks = (facts.hooks ?? []).filter((h) => h.runner === runner);
  const form = hooks
    .map(({ path }) => FORMS[`${details.vendor.name}/${path}`]?.[runner] ?? FORMS[path]?.[runner])
    .find((f) => f !== undefined);
  if (form === undefined) return undefined;
  const fn = spot.source.functionOf(spot.node);
  if (form.startsWith("await ") && fn?.async !== true) return undefined;
  const sdk = namespaceAt(scene, spot);
  return sdk && { statement: form.replace("#", sdk.name).replace("$", () => name), edits: sdk.edits };
}
