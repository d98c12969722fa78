// Writes to stderr until nobody reads that any more, and says so by its exit code.
import { writeSync } from "node:fs";
import { setInterval } from "node:timers";

setInterval(() => {
  try {
    writeSync(2, "tick\n");
  } catch (error) {
    process.exit(error.code === "EPIPE" ? 7 : 8);
  }
}, 10);
