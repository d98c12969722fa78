import type { Project } from "./project.js";
import type { Run } from "./program.js";
import { says } from "./says.js";

/** Packages and integrations through which what is logged reaches telemetry. */
const MODULES =
  /(sentry|rollbar|bugsnag|honeybadger|raven|newrelic|datadog|logtail|axiom|opentelemetry|otel|application-?insights|elastic|loki|stackdriver|google-cloud\/logging).*(winston|pino|bunyan|log4js|logger|transport|appender)|(winston|pino|bunyan|log4js|consola).*(sentry|rollbar|bugsnag|honeybadger|raven|newrelic|datadog|logtail|axiom|opentelemetry|otel|elastic|loki|stackdriver)|^nestjs-(pino|winston|sentry|raven)|^@ntegral\/nestjs-sentry/i;
const LOGGERS =
  /winstonIntegration|pinoIntegration|bunyanIntegration|createSentryWinstonTransport|createConsolaReporter|PinoInstrumentation|WinstonInstrumentation|BunyanInstrumentation|getNodeAutoInstrumentations|OpenTelemetryTransport|setAutoCollectConsole|auto-instrumentations-node/;
const CONSOLES = /captureConsole|CaptureConsole|consoleLoggingIntegration|setAutoCollectConsole/;

/**
 * Whether what the program logs may reach telemetry: a transport, an instrumentation or an integration does that.
 * @param console only what is written by `console`
 */
export function bridgesLogs(run: Run, project: Project, console = false): boolean {
  let known = cache.get(run);
  if (!known)
    cache.set(run, (known = { logger: find(run, project, false), console: find(run, project, true) }));
  return console ? known.console : known.logger || known.console;
}

const cache = new WeakMap<Run, { logger: boolean; console: boolean }>();

function find(run: Run, project: Project, console: boolean): boolean {
  const { index } = project;
  const pattern = console ? CONSOLES : LOGGERS;
  for (const file of run.files) {
    if (!console && index.scan(file).imports.some((i) => i.kind !== "type" && MODULES.test(i.specifier)))
      return true;
    if (says(file, pattern, project)) return true;
  }
  if (console) return false;
  const json = index.packageOf(run.entry.file)?.json;
  return Object.keys({ ...json?.dependencies, ...json?.optionalDependencies }).some((d) => MODULES.test(d));
}
