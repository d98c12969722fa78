/**
 * A stand-in for BullMQ 5 that needs no Redis server: jobs are kept in this process. A worker takes one job after the other, and keeps
 * the process alive until it is closed. As measured with bullmq 5.81.5 and Redis 7: `completed (job, result, "active")`,
 * `failed (job, error, "active")`, `drained ()`, `closed ()`; a failure that nobody listens to is silent; what a listener throws is
 * written to the console.
 */
import { EventEmitter } from "node:events";
import { clearInterval, setInterval } from "node:timers";
import { setTimeout as sleep } from "node:timers/promises";

const waiting = new Map();

const jobsOf = (queue) => {
  if (!waiting.has(queue)) waiting.set(queue, []);
  return waiting.get(queue);
};

export class Queue {
  #jobs;
  #count = 0;

  constructor(name) {
    this.#jobs = jobsOf(name);
  }

  async add(name, data) {
    const job = { id: String(++this.#count), name, data };
    this.#jobs.push(job);
    return job;
  }

  async close() {}
}

export class Worker extends EventEmitter {
  #alive = setInterval(() => {}, 60_000);
  #running;

  constructor(name, processor) {
    super();
    this.#running = this.#run(jobsOf(name), processor);
  }

  async #run(jobs, processor) {
    let busy = false;
    while (this.#alive) {
      await sleep(5);
      const job = jobs.shift();
      if (job) {
        busy = true;
        await processor(job).then(
          (result) => this.emit("completed", job, result, "active"),
          (error) => this.emit("failed", job, error, "active"),
        );
      } else if (busy) {
        busy = false;
        this.emit("drained");
      }
    }
  }

  emit(...args) {
    try {
      return super.emit(...args);
    } catch (error) {
      console.error(error);
      return false;
    }
  }

  async close() {
    clearInterval(this.#alive);
    this.#alive = undefined;
    await this.#running;
    this.emit("closed");
  }
}
