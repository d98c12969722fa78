import { ruleOfChecks } from "../src/program/rule-of-checks.js";
import { bothLists } from "../src/chain/lists/both-lists.js";
import { callLevel } from "../src/chain/lists/call-level.js";
import { ignoredExporter } from "../src/chain/lists/ignored-exporter.js";
import { lostList } from "../src/chain/lists/lost-list.js";
import { order } from "../src/chain/lists/order.js";
import { slot } from "../src/chain/lists/slot.js";

/** A set-up replaces a chain where it should extend it, or orders it so that a link sees nothing. */
export const noDroppedInterceptor = ruleOfChecks(
  {
    name: "no-dropped-interceptor",
    level: "error",
    summary: "A set-up replaces a chain where it should extend it, or orders it so that a link sees nothing.",
    recommended: true,
  },
  [ignoredExporter, callLevel, bothLists, slot, lostList, order],
);
