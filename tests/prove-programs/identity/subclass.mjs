// A subclass of a traced class calls a method of its own.
import { load, outcome, tell } from "./tell.mjs";

const requests = [];
globalThis.fetch = async (url, { body }) => {
  requests.push(`${url} ${body}`);
  return new globalThis.Response();
};
const { Queue } = await load("src/queue.ts");
const queue = new Queue();
tell({ sent: await outcome(() => queue.send("hello")), isQueue: queue instanceof Queue, requests });
