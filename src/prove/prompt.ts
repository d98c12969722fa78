import { startLoad, type Load, type RunningLoad } from "./load/load.js";

/** How long an answer may take to be read once the program has ended. */
const answerMillis = 500;

/** Finds in a program's output the moment at which its signal is due, and puts the program under load before that. */
export class Prompt {
  readonly #ready: RegExp;
  readonly #load: Load | undefined;
  #running: RunningLoad | undefined;

  /**
   * @param ready a line that says the program is ready
   * @param load see `RunOptions.load`
   */
  constructor(ready: RegExp, load: Load | undefined) {
    this.#ready = ready;
    this.#load = load;
  }

  /** Whether the signal is due, by all that the program has written so far. */
  given(stdout: string): boolean {
    if (!this.#load) return this.#ready.test(stdout);
    const lines = stdout.split("\n").slice(0, -1);
    if (!this.#running) {
      const port = lines.find((line) => this.#ready.test(line))?.match(/(\d+)\s*$/)?.[1];
      if (port !== undefined) this.#running = startLoad(this.#load, Number(port));
    }
    return this.#running !== undefined && lines.filter(isBegin).length >= this.#running.count;
  }

  /** Gives the load up, and tells which of its requests were not answered well, as sentences. */
  async finish(): Promise<string[]> {
    return (await this.#running?.finish(answerMillis)) ?? [];
  }
}

const isBegin = (line: string): boolean => /^begin\b/.test(line);
