import { createInterface } from "node:readline";
import type { OpenAnalyser } from "./analyser.js";
import { CannotRun } from "./exit-codes.js";

/** One of the two streams that the command line writes to. */
export interface Output {
  write(text: string): void;
  isTerminal: boolean;
  colors: boolean;
}

/** Everything outside the process that the command line touches; tests give their own. */
export interface Host {
  readonly cwd: string;
  /** The result, and nothing else. */
  stdout: Output;
  /** Everything for the person who watches. */
  stderr: Output;
  /** Asks a yes-or-no question; undefined when nobody is there to answer. */
  ask: ((question: string) => Promise<boolean>) | undefined;
  openAnalyser: OpenAnalyser;
}

/** The host of a real process. Its `cwd` throws CannotRun when the working directory is gone. */
export function processHost(openAnalyser: OpenAnalyser): Host {
  const isInteractive = process.stdin.isTTY && process.stderr.isTTY && !process.env.CI;
  return {
    get cwd() {
      try {
        return process.cwd();
      } catch {
        throw new CannotRun("the working directory does not exist any more");
      }
    },
    stdout: outputOf(process.stdout),
    stderr: outputOf(process.stderr),
    ask: isInteractive ? askTerminal : undefined,
    openAnalyser,
  };
}

function outputOf(stream: NodeJS.WriteStream): Output {
  // The reader of a pipe may leave early (`| head`); that is no failure of ours. Without a listener it would crash us.
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") process.exitCode = 2;
  });
  // Node leaves it undefined where its types promise a boolean.
  const isTerminal = Boolean(stream.isTTY);
  return {
    write: (text) => void stream.write(text),
    isTerminal,
    colors: wantsColors(isTerminal, process.env),
  };
}

/** The usual agreement: `NO_COLOR` wins, then `FORCE_COLOR`, then whether somebody looks at it. */
export function wantsColors(isTerminal: boolean, env: NodeJS.ProcessEnv): boolean {
  if (env.NO_COLOR) return false;
  if (env.FORCE_COLOR !== undefined) return env.FORCE_COLOR !== "0" && env.FORCE_COLOR !== "false";
  return isTerminal && env.TERM !== "dumb";
}

/** Asks on stderr, so that stdout stays the result. The end of input, or an interrupt, is a no. */
function askTerminal(question: string): Promise<boolean> {
  return new Promise((resolve) => {
    const terminal = createInterface({ input: process.stdin, output: process.stderr });
    terminal.on("close", () => resolve(false));
    terminal.question(question, (answer) => {
      resolve(/^y(?:es)?$/i.test(answer.trim()));
      terminal.close();
    });
  });
}
