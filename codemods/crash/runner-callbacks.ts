import type { Edit } from "../../src/finding.js";
import type { Node } from "../../src/syntax/parse.js";
import { child } from "../edit/source.js";
import { nodeOf } from "../flush/helpers.js";
import { sendIt } from "./complete.js";
import { catching, type Mended, paramsOf } from "./runner-catch.js";
import { type Failing, failingJobs } from "./runner-jobs.js";
import { nextParameter } from "./runner-next.js";
import type { Scene } from "./scene.js";
import { tellAt } from "./tell.js";
import { errorNameIn, failed, logOf } from "./words.js";

/**
 * What hands its promise to somebody who drops it catches its failure itself: it is logged, the SDK is told, and the program goes
 * on. A route of express 4 hands it to `next`, and a message that would be lost ends the process as before.
 */
export function catchInCallbacks(scene: Scene): Mended | undefined {
  const [first, ...rest] = failingJobs(scene);
  const done = first && mend(scene, first);
  if (!done) return undefined;
  return { safe: false, edits: [...done, ...rest.flatMap((one) => mend(scene, one) ?? [])] };
}

/** Without its acknowledgement a message is neither done nor given to another consumer while the process lives. */
const ACKNOWLEDGED = new Set(["AMQP consumer", "Pub/Sub subscription"]);

function mend(scene: Scene, failing: Failing): Edit[] | undefined {
  const { source, module, node, fn, runner } = failing;
  const { project } = scene;
  if (runner.facts.kind === "web") return handOn(scene, failing);
  const error = errorNameIn(source);
  const inside = /Function/.test(node.type) ? (child(node, "body") ?? node) : node;
  const spot = { source, module, node: inside, fn };
  const told = tellAt(scene, spot, { name: error, type: "unknown" }, workOf(failing));
  if (!told) return undefined;
  const log = logOf(project, source, inside, error);
  if (ACKNOWLEDGED.has(runner.facts.name)) {
    const sent = sendIt(scene, spot, inside, told);
    const statements = sent && [log, ...sent.statements, failed(source, true)];
    const put = statements && catching(project, failing, { error, statements });
    return put && [...told.edits, ...sent.edits, ...put];
  }
  const answer = runner.facts.name === "http server" ? answerOf(failing) : [];
  const statements = answer && [log, ...told.statements, ...answer];
  const put = statements && catching(project, failing, { error, statements });
  return put && [...told.edits, ...put];
}

/** A route of express 4 hands its failure to `next`. */
function handOn(scene: Scene, failing: Failing): Edit[] | undefined {
  const { source, node, fn } = failing;
  const own = nodeOf(source, fn);
  if (node.type === "Identifier") {
    const names = own ? paramsOf(own) : ["req", "res"];
    if (!names || names.length < 2) return undefined;
    const params = [names[0] ?? "req", names[1] ?? "res", "next"];
    const given = names.length < 3 ? params.slice(0, 2) : params;
    return catching(scene.project, failing, { name: "next" }, params, given);
  }
  const next = /Function/.test(node.type) ? nextParameter(source, node) : undefined;
  if (!next) return undefined;
  const error = errorNameIn(source);
  const direct = catching(scene.project, failing, { name: next.name });
  const put = direct ?? catching(scene.project, failing, { error, statements: [`${next.name}(${error})`] });
  return put && [...next.edits, ...put];
}

/** A request that failed is answered, if nothing was sent yet. */
function answerOf({ node, source }: Failing): string[] | undefined {
  const response = ((node.params ?? []) as Node[])[1];
  if (response?.type !== "Identifier") return undefined;
  const name = response.name as string;
  return [`if (!${name}.headersSent) ${name}.statusCode = 500${source.style.semicolon}`, `${name}.end()`];
}

/** What has failed, as a span of it would be named. */
function workOf({ fn, job, runner }: Failing): string {
  const [event] = job.call.args;
  const named = runner.facts.kind !== "schedule" && event?.k === "lit" && typeof event.v === "string";
  return fn.name ?? (named ? String(event.v) : runner.facts.name);
}
