// What is left of a module that was compiled from TypeScript: a getter, and the mark of an ES module.
import { createRequire } from "node:module";
import { tell } from "./tell.mjs";

class Connection {
  execute() {
    return Promise.resolve([]);
  }
}
let pools = 0;
const driver = { Connection };
Object.defineProperty(driver, "__esModule", { value: true });
Object.defineProperty(driver, "pools", { enumerable: true, get: () => pools });

const instrument = createRequire(import.meta.url)(`${process.cwd()}/lib/modules/driver.js`);
const spans = [];
const agent = { startSpan: (name) => ({ end: () => spans.push(name) }) };
const patched = instrument(driver, agent, { version: "4.2.0", enabled: true });
pools = 3;
await new patched.Connection().execute({ text: "SELECT 1" });
tell({ pools: patched.pools, esModule: patched.__esModule ?? null, spans });
