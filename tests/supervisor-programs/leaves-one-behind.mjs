// Ends, but something that it started goes on and holds stderr open.
import { spawn } from "node:child_process";

const wait = "setTimeout(() => undefined, 4000)";
spawn(process.execPath, ["-e", wait], { detached: true, stdio: ["ignore", "ignore", "inherit"] }).unref();
console.error("last words");
process.exit(4);
