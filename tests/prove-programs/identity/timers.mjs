// `promisify(setTimeout)` once the timers are wrapped.
import { createRequire } from "node:module";
import { promisify } from "node:util";
import { outcome, tell } from "./tell.mjs";

const require = createRequire(import.meta.url);
require(`${process.cwd()}/lib/patch-timers.js`)((callback) => callback);
const timers = require("node:timers");
tell(await outcome(() => promisify(timers.setTimeout)(5, "waited")));
process.exit();
