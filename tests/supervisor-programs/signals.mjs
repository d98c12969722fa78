import { setInterval } from "node:timers";

// Says what it is sent. The argument says what it does about that: an exit code, `stays`, or `counts`.
const [what] = process.argv.slice(2);
const names = ["SIGTERM", "SIGINT", "SIGHUP", "SIGQUIT", "SIGUSR1", "SIGUSR2"];
let count = 0;

for (const name of names) {
  process.on(name, () => {
    count += 1;
    process.stdout.write(`got ${name}\n`);
    if (what === "counts") setTimeout(() => process.exit(20 + count), 300);
    else if (what !== "stays") process.exit(Number(what));
  });
}
setInterval(() => undefined, 1000);
process.stdout.write(`ready ${process.pid}\n`);
