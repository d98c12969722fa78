/** Everything that keeps a program alive and produces telemetry while it runs. */
import { consumers } from "./producers/consumers.js";
import { others } from "./producers/others.js";
import { servers } from "./producers/servers.js";
import type { ProducerFacts } from "./schema.js";

export const producers: ProducerFacts[] = [...servers, ...consumers, ...others];
