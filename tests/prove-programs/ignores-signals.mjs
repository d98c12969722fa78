// Never ends by itself, and neither does the process it starts.
import { spawn } from "node:child_process";
import { setInterval } from "node:timers";

process.on("SIGTERM", () => {});
process.on("SIGINT", () => {});
const child = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"], { stdio: "ignore" });
setInterval(() => {}, 1000);
console.log(`child ${child.pid}`);
console.log("ready");
