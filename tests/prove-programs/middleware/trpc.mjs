// A query that works and one that fails, through a link of the program or to a procedure of it: `trpc.mjs <file> <export> <kind>`.
import { createTRPCClient } from "@trpc/client";
import { initTRPC } from "@trpc/server";
import { observable } from "@trpc/server/observable";
import { program, tell, within, work } from "./spans.mjs";

const [file, name, kind] = process.argv.slice(2);
const { [name]: found } = await program(file);

const ways = {
  link() {
    const last = () => (chain) =>
      observable((observer) => {
        if (chain.op.path === "bad") {
          observer.error(new Error("out of order"));
          return;
        }
        observer.next({ result: { data: "served" } });
        observer.complete();
      });
    const client = createTRPCClient({ links: [found, last] });
    return { good: () => client.good.query(), bad: () => client.bad.query() };
  },
  procedure() {
    const t = initTRPC.create();
    const served = found.query(async () => {
      await work("served");
      return "served";
    });
    const failing = found.query(() => {
      throw new Error("out of order");
    });
    return t.createCallerFactory(t.router({ good: served, bad: failing }))({});
  },
};
const caller = ways[kind]();
await tell({ good: await within(caller.good()), bad: await within(caller.bad()) });
