import type { Source } from "../edit/source.js";
import type { Closing } from "./closing.js";

/** How an ending is written: what it closes, where it stands, what calls it. */
export interface EndingPlan {
  closing: Closing;
  source: Source;
  /** White space in front of each line. */
  indent: string;
  exported: boolean;
  /** A function declaration, or an arrow function where a declaration would lose `this` or its scope. */
  form: "function" | "arrow";
  names: EndingNames;
  /** The signals to listen for. */
  signals: string[];
  /** How the global timer is reached: a module can have a `setTimeout` of its own. */
  timer: string;
}

export interface EndingNames {
  shutdown: string;
  promise: string;
}

const CHOICES: EndingNames[] = [
  { shutdown: "shutdownTelemetry", promise: "telemetryShutdown" },
  { shutdown: "closeTelemetry", promise: "telemetryClosing" },
];

/** The names that an ending of this tool can have. */
export const ENDING_NAMES = CHOICES.map(({ shutdown }) => shutdown);

/** Milliseconds that an ending waits at most: under the ten seconds after which containers are killed. */
export const LIMIT_MILLIS = 5000;

/** Names that the file does not use yet; undefined when all are taken. */
export function freeNames(text: string): EndingNames | undefined {
  return CHOICES.find(({ shutdown, promise }) => !new RegExp(`\\b(${shutdown}|${promise})\\b`).test(text));
}

/** How the function is written that closes telemetry once. */
export interface CloserPlan extends Pick<EndingPlan, "source" | "exported" | "form" | "names" | "timer"> {
  /** What it waits for, as expressions that do not reject. */
  closings: string[];
  /** It is one promise that settles in time by itself. */
  bounded?: boolean;
}

/** The lines of a function that closes once, whoever asks, within a time limit. */
export function closerLines(plan: CloserPlan): string[] {
  const { source, names, closings } = plan;
  const { semicolon: e, indent: step } = source.style;
  const type = source.isTypeScript ? ": Promise<unknown>" : "";
  const head =
    plan.form === "function"
      ? `${plan.exported ? "export " : ""}function ${names.shutdown}()${type} {`
      : `const ${names.shutdown} = ()${type} => {`;
  const [only] = closings;
  const close = `${step}${names.promise} ??= `;
  const raced =
    closings.length === 1 && only !== undefined
      ? [`${step}${step}${only},`]
      : [
          `${step}${step}Promise.all([`,
          ...closings.map((c) => `${step}${step}${step}${c},`),
          `${step}${step}]),`,
        ];
  return [
    `let ${names.promise}${source.isTypeScript ? ": Promise<unknown> | undefined" : ""}${e}`,
    "",
    "/** Sends what is still buffered and closes telemetry, once, within five seconds. */",
    head,
    ...(plan.bounded && only !== undefined
      ? [`${close}${only}${e}`]
      : [`${close}Promise.race([`, ...raced, `${step}${step}${timeLimit(plan.timer)},`, `${step}])${e}`]),
    `${step}return ${names.promise}${e}`,
    plan.form === "function" ? "}" : `}${e}`,
  ];
}

/** A promise that settles when the time is over and keeps no process alive. */
export const timeLimit = (timer: string, millis = LIMIT_MILLIS): string =>
  `new Promise((resolve) => ${timer}(resolve, ${String(millis)}).unref())`;

/**
 * The text of an ending: closes once, whoever asks, within a time limit, and is asked by the natural end and by signals,
 * which it raises again so that the exit status stays true.
 */
export function endingText(plan: EndingPlan): string {
  const { source, indent, names } = plan;
  const lines = [
    ...closerLines({ ...plan, closings: [`${plan.closing.text}.catch(console.error)`] }),
    "",
    ...naturalEndLines(source, `${names.shutdown}()`, plan.timer),
    ...signalLines(source, `${names.shutdown}()`, plan.signals),
  ];
  return indented(lines, indent);
}

/**
 * Lets the natural end of the process wait for a promise that does not reject. Once that is settled, a request without an
 * answer would still hold the process: a race alone bounds nothing here.
 */
export function naturalEndLines({ style }: Source, promise: string, timer: string): string[] {
  const { semicolon: e, indent: step, quote: q } = style;
  return [
    `process.once(${q}beforeExit${q}, () => {`,
    `${step}${timer}(() => process.exit(), ${String(LIMIT_MILLIS)}).unref()${e} // even if a collector never answers`,
    `${step}void ${promise}${e}`,
    `})${e}`,
  ];
}

/** Lets signals wait for a promise that does not reject, and raises them again. */
export function signalLines({ style }: Source, promise: string, signals: readonly string[]): string[] {
  const { semicolon: e, indent: step, quote: q } = style;
  return signals.flatMap((signal) => [
    `process.once(${q}${signal}${q}, (signal) => {`,
    `${step}void ${promise}.finally(() => process.kill(process.pid, signal))${e}`,
    `})${e}`,
  ]);
}

/** Lines as they stand in a block. */
export const indented = (lines: readonly string[], indent: string): string =>
  lines.map((line) => (line === "" ? "" : indent + line)).join("\n");
