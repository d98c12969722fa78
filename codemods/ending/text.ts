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

/**
 * The text of an ending: closes once, whoever asks, within a time limit, and is asked by the natural end and by signals,
 * which it raises again so that the exit status stays true.
 */
export function endingText(plan: EndingPlan): string {
  const { source, indent, names } = plan;
  const { style } = source;
  const e = style.semicolon;
  const q = (word: string): string => style.quote + word + style.quote;
  const type = source.isTypeScript ? ": Promise<unknown>" : "";
  const step = style.indent;
  const head =
    plan.form === "function"
      ? `${plan.exported ? "export " : ""}function ${names.shutdown}()${type} {`
      : `const ${names.shutdown} = ()${type} => {`;
  const lines = [
    `let ${names.promise}${source.isTypeScript ? ": Promise<unknown> | undefined" : ""}${e}`,
    "",
    "/** Sends what is still buffered and closes telemetry, once, within five seconds. */",
    head,
    `${step}${names.promise} ??= Promise.race([`,
    `${step}${step}${plan.closing.text}.catch(console.error),`,
    `${step}${step}new Promise((resolve) => ${plan.timer}(resolve, ${String(LIMIT_MILLIS)}).unref()),`,
    `${step}])${e}`,
    `${step}return ${names.promise}${e}`,
    plan.form === "function" ? "}" : `}${e}`,
    "",
    `process.once(${q("beforeExit")}, () => {`,
    `${step}void ${names.shutdown}()${e}`,
    `})${e}`,
    ...plan.signals.flatMap((signal) => [
      `process.once(${q(signal)}, (signal) => {`,
      `${step}void ${names.shutdown}().finally(() => process.kill(process.pid, signal))${e}`,
      `})${e}`,
    ]),
  ];
  return lines.map((line) => (line === "" ? "" : indent + line)).join("\n");
}
