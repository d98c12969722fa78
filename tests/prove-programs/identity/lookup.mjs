// `promisify(dns.lookup)` once an instrumentation has wrapped it.
import dns from "node:dns";
import { promisify } from "node:util";
import { load, outcome, tell } from "./tell.mjs";

const { DnsInstrumentation } = await load("src/dns.ts");
new DnsInstrumentation().enable();
tell(await outcome(() => promisify(dns.lookup)("127.0.0.1")));
