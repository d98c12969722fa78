import { SIGNALS } from "../ending/signals.js";
import { timeLimit } from "../ending/text.js";
import type { Source } from "../edit/source.js";
import type { DrainText } from "./drains.js";
import type { CloseCall } from "./closer.js";

/** A graceful ending: what is let come to its end first, and what closes telemetry then. */
export interface Graceful {
  source: Source;
  /** A function declaration, or an arrow function inside a block. */
  form: "function" | "arrow";
  name: string;
  /** What is waited for at once. */
  drains: DrainText[];
  /** Waited for last; undefined where a drain closes telemetry as well. */
  close: CloseCall | undefined;
  /** How the global timer is reached. */
  timer: string;
}

/** The lines of a function that ends the program as a signal asks, and of its registration. */
export function gracefulLines(plan: Graceful): string[] {
  const { source, name } = plan;
  const { semicolon: e, indent: step, quote: q } = source.style;
  const typed = source.isTypeScript;
  const signal = typed ? "signal: NodeJS.Signals" : "signal";
  const head =
    plan.form === "function"
      ? `async function ${name}(${signal})${typed ? ": Promise<void>" : ""} {`
      : `const ${name} = async (${signal})${typed ? ": Promise<void>" : ""} => {`;
  return [
    about(plan),
    head,
    ...steps(plan),
    `${step}process.kill(process.pid, signal)${e}`,
    plan.form === "function" ? "}" : `}${e}`,
    "",
    ...SIGNALS.map((s) => `process.once(${q}${s}${q}, ${name})${e}`),
  ];
}

function steps(plan: Graceful): string[] {
  const { close, drains, source, timer } = plan;
  const { semicolon: e, indent: step } = source.style;
  const last = close?.bounded ? [`${step}await ${close.awaited}${e}`] : [];
  const waits = drains.map((drain) => drain.awaited);
  const first = drains.flatMap((drain) => drain.first ?? []);
  const prepared = first.map((s, i) => `${step}${s}${e}${i === 0 ? ` ${WHY}` : ""}`);
  const races = [waits, close && !close.bounded ? [close.awaited] : []].filter((r) => r.length > 0);
  const [only] = races;
  if (races.length === 1 && only)
    return [...prepared, ...raced(source, only, timeLimit(timer, STEP_MILLIS)), ...last];
  const limit = `${step}const limit = () => ${timeLimit(timer, STEP_MILLIS)}${e}`;
  return [
    ...(races.length > 0 ? [limit] : []),
    ...races.flatMap((r) => raced(source, r, "limit()")),
    ...last,
  ];
}

const WHY = "// connections end with their responses";

/** Milliseconds for what is drained: with the limit of telemetry's own still under the ten seconds that containers have. */
const STEP_MILLIS = 4000;

function about({ drains, close }: Graceful): string {
  if (!close) return "/** Finishes what is under way and ends as the signal asks. */";
  return drains.length > 0
    ? "/** Finishes what is under way, closes telemetry last, and ends as the signal asks. */"
    : "/** Closes telemetry and ends as the signal asks. */";
}

/** Longer lines are broken, as formatters do. */
const LINE = 80;

function raced({ style }: Source, promises: string[], limit: string): string[] {
  const { semicolon: e, indent: step } = style;
  const [only] = promises;
  const short = `${step}await Promise.race([${only ?? ""}, ${limit}])${e}`;
  if (promises.length === 1 && short.length <= LINE && !short.includes("\n")) return [short];
  const deep = (text: string, level: number): string[] =>
    text
      .split("\n")
      .map((line, i) => step.repeat(level) + (i > 0 ? line.replace(/^ {2}/, step).replace(/;$/, e) : line));
  const entries = promises.flatMap((p) => {
    const lines = deep(p, promises.length > 1 ? 3 : 2);
    return [...lines.slice(0, -1), `${lines.at(-1) ?? ""},`];
  });
  const all =
    promises.length > 1 ? [`${step}${step}Promise.all([`, ...entries, `${step}${step}]),`] : entries;
  return [`${step}await Promise.race([`, ...all, `${step}${step}${limit},`, `${step}])${e}`];
}
