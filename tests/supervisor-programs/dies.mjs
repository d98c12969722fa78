import { setTimeout as sleep } from "node:timers/promises";

class NotFound extends Error {
  name = "NotFound";
}

const ways = {
  throw() {
    throw new TypeError("no such thing\non two lines");
  },
  own() {
    throw new NotFound("user 7", { cause: new Error("inner") });
  },
  value() {
    throw "only words";
  },
  rejection() {
    void Promise.reject(new RangeError("too far"));
  },
  reason() {
    void Promise.reject("only a reason");
  },
  logged() {
    console.error("failed to start:", new Error("no port"));
    console.error("giving up");
    process.exit(1);
  },
  handled() {
    console.error(new Error("an old error"));
    for (let line = 0; line < 20; line++) console.error(`line ${String(line)}`);
    process.exit(4);
  },
  exit() {
    process.exit(3);
  },
  exitCode() {
    process.exitCode = 5;
  },
  abort() {
    process.abort();
  },
  memory() {
    const all = [];
    for (;;) all.push(new Array(10_000).fill(all.length));
  },
  sigkill() {
    process.kill(process.pid, "SIGKILL");
  },
  sigsegv() {
    process.kill(process.pid, "SIGSEGV");
  },
  sigbus() {
    process.kill(process.pid, "SIGBUS");
  },
  well() {
    console.error("all is well");
  },
};

process.stdout.write("to stdout\n");
process.stderr.write("to stderr\n");
await sleep(1);
setTimeout(ways[process.argv[2]]);
