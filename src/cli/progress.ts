import type { Output } from "./host.js";

const quietMs = 700;
const stepMs = 100;

/** One line on a terminal that says how far a long run is; silent on short runs and in pipes. */
export class Progress {
  readonly #output: Output;
  readonly #begun = performance.now();
  #last = 0;
  #isShown = false;

  constructor(output: Output) {
    this.#output = output;
  }

  /** Takes files done and files in all. */
  readonly step = (done: number, total: number): void => {
    const now = performance.now();
    if (!this.#output.isTerminal || now - this.#begun < quietMs || now - this.#last < stepMs) return;
    this.#last = now;
    this.#isShown = true;
    this.#output.write(`\r\u001b[KReading ${done} of ${total} files`);
  };

  /** Takes the line away again. */
  end(): void {
    if (this.#isShown) this.#output.write("\r\u001b[K");
    this.#isShown = false;
  }
}
