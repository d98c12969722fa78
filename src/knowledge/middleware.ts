/**
 * Frameworks that hand their middleware a function by which it calls what comes next.
 *
 * Run with Node.js 20: koa 2.16.4, hono 4.13.19, express 5.3.0, @nestjs/core 12.5.1, @connectrpc/connect 2.1.2, @trpc/server 11.25.2.
 * koa: without `await next()` the answer is 404 before the route has run, and an error of the route is an unhandled rejection.
 * hono: it answers 500, "Context is not finalized"; a `try` around `next()` never catches, awaited or not. express: `next()` gives
 * undefined, `await next()` waits for nothing and finds status 200 whatever is answered.
 * Read: telegraf 4.16.3, grammy 1.46.0, @temporalio/common 1.24.0 (interceptors), @types/koa, @types/express 5, the oak handbook.
 */
export interface MiddlewareFacts {
  /** How a message names it. */
  name: string;
  /** Matches the specifiers from which its types, apps and helpers come. */
  modules: RegExp;
  /**
   * Where `next` stands among the parameters: the position, the name of a property of the first parameter (`{ next }`), or
   * `outer` for the first parameter of the function that returns the middleware.
   */
  next: readonly number[] | string | "outer";
  /** What `next()` gives back: a promise of what comes next, or nothing. */
  gives: "promise" | "nothing";
  /** Types of the parameter `next`, and of a middleware as a whole. */
  nextTypes: readonly string[];
  types: readonly string[];
  /** The parameter that holds the answer, and the members of it that only `next` fills in. */
  answer: { parameter: number; members: readonly string[] } | undefined;
  /** Names of the first parameter by which its functions are known in a file that imports it. */
  first: RegExp | undefined;
  /** A `catch` around an awaited `next()` hears of errors. */
  catches: boolean;
  /** Whoever called the middleware needs what it returns; for Temporal in methods of these names. */
  result: boolean | readonly string[];
}

/** Methods of Temporal's interceptors whose result somebody waits for; the others give nothing. */
const temporalResults = [
  "execute",
  "handleQuery",
  "handleUpdate",
  "scheduleActivity",
  "scheduleLocalActivity",
  "startChildWorkflowExecution",
  "start",
  "startWithDetails",
  "signalWithStart",
  "startUpdate",
  "query",
];

const CONTEXT = /^_?(ctx|context|c)$/;

export const middleware: readonly MiddlewareFacts[] = [
  {
    name: "Koa",
    modules: /^(koa|koa-compose|koa-router|@koa\/router|@midwayjs\/koa)$/,
    next: [1],
    gives: "promise",
    nextTypes: ["Next"],
    types: ["Middleware", "ComposedMiddleware"],
    answer: { parameter: 0, members: ["status", "response", "body", "length", "type", "message"] },
    first: CONTEXT,
    catches: true,
    result: false,
  },
  {
    name: "Hono",
    modules: /^(npm:|jsr:)?@?hono(\/|@|$)/,
    next: [1],
    gives: "promise",
    nextTypes: ["Next"],
    types: ["MiddlewareHandler", "Handler"],
    answer: { parameter: 0, members: ["res", "error"] },
    first: CONTEXT,
    catches: false,
    result: false,
  },
  {
    name: "oak",
    modules: /^(jsr:|npm:)?@(oak\/oak|oakserver\/oak)(@|\/|$)|^https:\/\/deno\.land\/x\/oak@/,
    next: [1],
    gives: "promise",
    nextTypes: ["Next"],
    types: ["Middleware", "RouterMiddleware"],
    answer: { parameter: 0, members: ["response"] },
    first: CONTEXT,
    catches: true,
    result: false,
  },
  {
    name: "the bot",
    modules: /^(telegraf|grammy)(\/|$)/,
    next: [1],
    gives: "promise",
    nextTypes: ["NextFunction"],
    types: ["Middleware", "MiddlewareFn"],
    answer: undefined,
    first: CONTEXT,
    catches: true,
    result: false,
  },
  {
    name: "tRPC",
    modules: /^@trpc\/server(\/|$)/,
    next: "next",
    gives: "promise",
    nextTypes: [],
    types: ["MiddlewareFunction"],
    answer: undefined,
    first: undefined,
    // `next()` gives an object with `ok: false` for what was thrown
    catches: false,
    result: true,
  },
  {
    name: "TypeGraphQL",
    modules: /^type-graphql$/,
    next: [1],
    gives: "promise",
    nextTypes: ["NextFn"],
    types: ["MiddlewareFn"],
    answer: undefined,
    first: undefined,
    catches: true,
    result: false,
  },
  {
    name: "Temporal",
    modules: /^@temporalio\//,
    next: [1],
    gives: "promise",
    nextTypes: ["Next"],
    types: [],
    answer: undefined,
    first: undefined,
    catches: true,
    result: temporalResults,
  },
  {
    name: "Connect",
    modules: /^@(connectrpc|bufbuild)\/connect(-node|-web)?$/,
    next: "outer",
    gives: "promise",
    nextTypes: [],
    types: ["Interceptor"],
    answer: undefined,
    first: undefined,
    catches: true,
    result: true,
  },
  {
    name: "Express",
    modules: /^(express|connect|router|express-serve-static-core|@nestjs\/common)$/,
    next: [2, 3],
    gives: "nothing",
    nextTypes: ["NextFunction"],
    types: ["RequestHandler", "ErrorRequestHandler", "NextHandleFunction"],
    answer: { parameter: 1, members: ["statusCode", "headersSent", "writableEnded"] },
    first: /^_?(req|request)$/,
    catches: false,
    result: false,
  },
];
