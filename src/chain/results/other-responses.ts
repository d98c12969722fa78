import type { Project } from "../../program/project.js";
import { returnsOf } from "../../program/value-sets.js";
import type { Binding, Call, Expr, Fn, Span } from "../../syntax/ir.js";
import { answersOf } from "./fetch-links.js";
import type { Link } from "../links.js";
import { callsIn, choicesOf, functionOf, unbound } from "../originals.js";
import { isBodyOf, rebuilds } from "./rebuilt.js";
import { isRead, originOf } from "../same.js";
import { calledName } from "../spans.js";
import { expressionsIn } from "../walk.js";

/** What a wrapper hands out in place of the response that it was given. */
export interface OtherResponse {
  /** `rebuilt`: a new `Response` of the same content. `proxy`: a `Proxy` of the response. `body`: what was read from it. */
  shape: "rebuilt" | "proxy" | "body";
  fn: Fn;
  at: Span;
  e: Expr;
  /** The variable that holds the response. */
  answer: Binding | undefined;
}

interface Scene {
  answers: ReadonlySet<Binding>;
  project: Project;
  seen: Set<unknown>;
}

const MAX_HANDS = 4;

/** What a link hands out in place of what the original answered. */
export function otherResponsesOf(link: Link, project: Project): OtherResponse[] {
  const answers = answersOf(link, project);
  if (answers.size === 0) return [];
  const scene = { answers, project, seen: new Set() };
  return outgoing(link.fn).flatMap(({ e, fn }) => leaving(e, fn, scene));
}

interface Outgoing {
  e: Expr;
  fn: Fn;
}

/** What runs a function and hands on what it returns. */
const RUNS = /^(?:then|with|run|runStores|startActiveSpan|startSpan|startSpanManual)$/;

/** What a function returns, itself or in a function that it runs for that, and what it resolves a promise with. */
function outgoing(fn: Fn, seen = new Set<Fn>()): Outgoing[] {
  if (seen.has(fn)) return [];
  seen.add(fn);
  const found = returnsOf(fn.body).map((e) => ({ e, fn }));
  for (const { callee, args } of callsIn(fn)) {
    const [first] = args;
    if (callee.k === "id" && callee.bind?.kind === "param" && first && args.length === 1)
      found.push({ e: first, fn });
    if (callee.k !== "mem" || !RUNS.test(callee.p ?? "")) continue;
    for (const run of args.flatMap((a) => functionOf(unbound(a)) ?? [])) found.push(...outgoing(run, seen));
  }
  return found;
}

function leaving(e: Expr, fn: Fn, scene: Scene, hands = 0): OtherResponse[] {
  if (scene.seen.has(e) || hands > MAX_HANDS) return [];
  scene.seen.add(e);
  switch (e.k) {
    case "await":
    case "set":
      return leaving(e.e, fn, scene, hands);
    case "cond":
      return [e.then, e.else].flatMap((x) => leaving(x, fn, scene, hands));
    case "logic":
      return [e.l, e.r].flatMap((x) => leaving(x, fn, scene, hands));
    case "id":
      return e.bind?.kind === "var" ? ofVariable(e, e.bind, fn, scene, hands) : [];
    case "obj":
      return e.props.some(({ value }) => value.k === "spread" && isBody(value.e, scene))
        ? [{ shape: "body", fn, at: e.at, e, answer: undefined }]
        : [];
    case "call":
      return ofCall(e, fn, scene, hands);
    default:
      return [];
  }
}

/** What was read from the body is named where it is handed out, all else where it is made. */
function ofVariable(e: Expr, bind: Binding, fn: Fn, scene: Scene, hands: number): OtherResponse[] {
  if (isBody(e, scene)) return [{ shape: "body", fn, at: e.at, e, answer: undefined }];
  const others = bind.values.flatMap((v) => leaving(v, bind.owner, scene, hands));
  return isDressed(bind) ? others.filter(({ shape }) => shape !== "rebuilt") : others;
}

/** A new response whose headers are changed, or that is given the `url` of the other one, was made for that. */
const isDressed = (bind: Binding): boolean =>
  expressionsIn(bind.owner.module).some(
    ({ e }) =>
      (e.k === "mem" && e.p === "headers" && isRead(e.o, bind)) ||
      (e.k === "call" && /^definePropert/.test(calledName(e) ?? "") && e.args[0] && isRead(e.args[0], bind)),
  );

function ofCall(call: Call, fn: Fn, scene: Scene, hands: number): OtherResponse[] {
  const { args, isNew, at } = call;
  const name = calledName(call);
  if (isNew && name === "Response") {
    const answer = rebuilds(call, scene.answers, scene.project, fn.module);
    return answer ? [{ shape: "rebuilt", fn, at, e: call, answer }] : [];
  }
  if (isNew && name === "Proxy") {
    const [target] = args;
    const of = target && (isAnswer(target, scene) || leaving(target, fn, scene, hands).length > 0);
    return of ? [{ shape: "proxy", fn, at, e: call, answer: undefined }] : [];
  }
  if (isBody(call, scene)) return [{ shape: "body", fn, at, e: call, answer: undefined }];
  return ofHelper(call, fn, scene, hands);
}

/** A function of the program that is handed the response, or what was made of it, and returns something else. */
function ofHelper(call: Call, fn: Fn, scene: Scene, hands: number): OtherResponse[] {
  const handed = call.args.map(
    (a) => isAnswer(a, scene) || leaving(a, fn, { ...scene, seen: new Set() }, hands + 1).length > 0,
  );
  if (!handed.includes(true)) return [];
  const helpers = scene.project.values
    .of(call.callee, fn.module)
    .flatMap((v) => (v.v === "fn" ? [v.fn] : []));
  return helpers.flatMap((helper) => {
    const taken = helper.params.flatMap(([bind, ...more], i) =>
      bind && more.length === 0 && handed[i] === true ? [bind] : [],
    );
    const within = { ...scene, answers: new Set([...scene.answers, ...taken]) };
    const others = returnsOf(helper.body).flatMap((e) => leaving(e, helper, within, hands + 1));
    // who reads the body is right to, who hands it out is not
    return others.map((o) => (o.shape === "body" ? { ...o, fn, at: call.at, e: call } : o));
  });
}

/** The response itself, or a clone. */
export function isAnswer(e: Expr, { answers }: Pick<Scene, "answers">): boolean {
  const origin = originOf(e);
  for (const x of [e, origin]) if (x.k === "id" && x.bind && answers.has(x.bind)) return true;
  return (
    origin.k === "call" &&
    origin.callee.k === "mem" &&
    origin.callee.p === "clone" &&
    isAnswer(origin.callee.o, { answers })
  );
}

/** What was read from the response: by its own methods, or by a function of the program that returns what they give. */
function isBody(e: Expr, scene: Scene): boolean {
  const origin = originOf(e);
  if (origin.k === "await") return isBody(origin.e, scene);
  if (origin.k !== "call") return false;
  if (isBodyOf(origin, scene.answers)) return true;
  const index = origin.args.findIndex((a) => isAnswer(a, scene));
  if (index < 0) return false;
  const helpers = [...scene.answers]
    .slice(0, 1)
    .flatMap(({ owner }) => scene.project.values.of(origin.callee, owner.module))
    .flatMap((v) => (v.v === "fn" ? [v.fn] : []));
  return helpers.some((helper) => {
    const [bind] = helper.params[index] ?? [];
    const returned = returnsOf(helper.body);
    return (
      bind !== undefined &&
      returned.length > 0 &&
      returned.flatMap(choicesOf).every((r) => isBody(r, { ...scene, answers: new Set([bind]) }))
    );
  });
}
