import { producers } from "../knowledge/producers.js";
import type { ProducerFacts } from "../knowledge/schema.js";
import type { Call, Module } from "../syntax/ir.js";
import type { Project } from "./project.js";

/** What a path into a producer's module means: the producer, and what is left of the path. */
interface Part {
  facts: ProducerFacts;
  rest: string;
}

/** A type's name, which no table has. */
const TYPE = /^(Fastify|Server$|Http2?s?Server$|INest|Worker$|Consumer$|WebSocketServer$|ServerType$)/;

const byModule = new Map<string, ProducerFacts[]>();
for (const facts of producers)
  for (const module of facts.modules) byModule.set(module, [...(byModule.get(module) ?? []), facts]);

/** Whether a module makes something that serves or consumes. */
export const isProducerModule = (specifier: string): boolean => byModule.has(specifier);

/** `createServer.listen.close` of node:http: the http server, and `listen.close`. */
function partsOf(specifier: string, path: string): Part[] {
  const plain = path.replaceAll("()", "").replace(/^default(\.|$)/, "");
  const [type] = plain.split(".");
  return (byModule.get(specifier) ?? []).flatMap((facts, i) => {
    // named by its type only: `app: FastifyInstance`
    if (i === 0 && type && TYPE.test(type) && !facts.make.startsWith(type))
      return [{ facts, rest: plain.slice(type.length + 1) }];
    const make = facts.make.replace(/^default(\.|$)/, "");
    if (make === "") return [{ facts, rest: plain }];
    if (plain === make) return [{ facts, rest: "" }];
    return plain.startsWith(`${make}.`) ? [{ facts, rest: plain.slice(make.length + 1) }] : [];
  });
}

function partsOfCall(call: Call, module: Module, project: Project): Part[] {
  return project.values.callee(call.callee, module).flatMap((v) => {
    if (v.v === "package") return partsOf(v.specifier, v.path);
    return v.v === "global" ? partsOf("", v.path) : [];
  });
}

/** The producer that a call lets come to its end. */
export function drainedBy(call: Call, module: Module, project: Project): ProducerFacts | undefined {
  return partsOfCall(call, module, project).find(({ facts, rest }) => {
    // `promisify(server.close.bind(server))`
    const path = rest.replace(/\.(bind|call|apply)$/, "");
    return facts.drains.some((d) => path.split(".").at(-1) === d.method);
  })?.facts;
}

/** The producer that a call sets to work. */
export function servedBy(call: Call, module: Module, project: Project): ProducerFacts | undefined {
  return partsOfCall(call, module, project).find(({ facts, rest }) => {
    if (facts.serve === undefined) return rest === "" && facts.construct === call.isNew;
    return rest.split(".").at(-1) === facts.serve;
  })?.facts;
}
