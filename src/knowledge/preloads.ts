/**
 * Packages that are preloaded by command line flags, and what of them starts anything. Measured with Node 20.20, 22.23 and 24.21:
 * auto-instrumentations-node 0.81, dd-trace 5, elastic-apm-node 4, instrumentation 0.223.
 */

/** Modules that do nothing when they are all that is loaded, and the module that does. */
export const idlePreloads: Readonly<Record<string, string>> = {
  "@opentelemetry/auto-instrumentations-node": "@opentelemetry/auto-instrumentations-node/register",
  "dd-trace": "dd-trace/init",
  "elastic-apm-node": "elastic-apm-node/start",
};

/** Hooks of the loader, which do nothing when they are imported instead of registered. */
export const loaderHooks: ReadonlySet<string> = new Set([
  "@opentelemetry/instrumentation/hook.mjs",
  "import-in-the-middle/hook.mjs",
  "dd-trace/loader-hook.mjs",
]);

/** Modules that `--import` does not find as they are written: the package has no `exports`, and nothing adds an extension. */
export const unfoundImports: Readonly<Record<string, string>> = {
  "dd-trace/init": "dd-trace/initialize.mjs",
  "elastic-apm-node/start": "elastic-apm-node/start.js",
};

/** Packages that are nobody's transitive dependency: who preloads them asks for them. */
export const askedFor: ReadonlySet<string> = new Set([
  "@opentelemetry/auto-instrumentations-node",
  "dd-trace",
  "elastic-apm-node",
  "newrelic",
]);
