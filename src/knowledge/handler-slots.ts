/**
 * Members of the global object and of the process that hold one function: who puts another there has to call the one before.
 */

/** Slots of the browser whose handlers report errors. What is left of the page's errors comes to whoever was put there last. */
export const errorSlots: ReadonlySet<string> = new Set(["onerror", "onunhandledrejection"]);

/**
 * SDKs that put themselves into these slots when they are started, and call what they found there.
 *
 * Read in @sentry/core 10.78 and 11.12 (`addGlobalErrorInstrumentationHandler`), @bugsnag/browser 9, @grafana/faro-web-sdk 2.12,
 * @datadog/browser-core 7.16 (`instrumentMethod(globalObject, "onerror")`), @honeybadger-io/js 6.16.
 */
export const slotKeepers: readonly {
  name: string;
  packages: RegExp;
  /** The exported functions that start them, by their last name. */
  starts: ReadonlySet<string>;
  slots: ReadonlySet<string>;
  /** Options that keep them from it when they are false. */
  unless?: ReadonlySet<string>;
}[] = [
  {
    name: "Sentry",
    packages:
      /^@sentry\/(browser|react|vue|angular|angular-ivy|ember|gatsby|svelte|solid|nextjs|remix|sveltekit|astro|nuxt|capacitor|electron\/renderer|react-router)$/,
    starts: new Set(["init"]),
    slots: errorSlots,
    unless: new Set(["defaultIntegrations"]),
  },
  {
    name: "Bugsnag",
    packages: /^@bugsnag\/(js|browser|web)$/,
    starts: new Set(["start"]),
    slots: new Set(["onerror"]),
    unless: new Set(["autoDetectErrors"]),
  },
  {
    name: "Faro",
    packages: /^@grafana\/faro-(web-sdk|react)$/,
    starts: new Set(["initializeFaro"]),
    slots: new Set(["onerror"]),
  },
  {
    name: "Datadog",
    packages: /^@datadog\/browser-(rum|rum-slim)$/,
    starts: new Set(["init"]),
    slots: errorSlots,
  },
  {
    name: "Honeybadger",
    packages: /^@honeybadger-io\/(js|react|vue)$/,
    starts: new Set(["configure"]),
    slots: errorSlots,
    unless: new Set(["enableUncaught", "enableUnhandledRejection"]),
  },
];

/** Words by which a package says of itself, in its name, description or keywords, that it is telemetry. */
export const telemetryWords =
  /\b(?:telemetry|observability|monitor|monitoring|tracing|tracer|apm|rum|instrumentations?|(?:error|crash|exception)s?[- ]?(?:report|track|monitor|logg?)(?:er|ing|s)?|opentelemetry|sentry)\b/i;
