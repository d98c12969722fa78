import { errorNameIn, functionText, logOf } from "./words.js";
import type { Scene } from "./scene.js";
import { type Spot, tellAt } from "./tell.js";
import type { App } from "./web-app.js";
import type { HookStatement } from "./web-vendors.js";

/** The framework's own hook for errors, which tells the SDK and answers as the framework does without it. */
export function ownHook(scene: Scene, spot: Spot, app: App): HookStatement | undefined {
  const { runner = "" } = scene.details;
  const { source } = app;
  const name = errorNameIn(source);
  const told = tellAt(
    scene,
    spot,
    { name, type: runner.startsWith("express") ? "unknown" : "error" },
    runner,
  );
  const [tell, more] = told?.statements ?? [];
  if (!told || tell === undefined || more !== undefined || tell.startsWith("await ")) return undefined;
  const own = { scene, spot, app, name, tell };
  const statement = HOOKS[runner]?.(own);
  return statement === undefined ? undefined : { statement, edits: told.edits };
}

interface Own {
  scene: Scene;
  spot: Spot;
  app: App;
  /** Of the error. */
  name: string;
  tell: string;
}

/** What the frameworks do by themselves was read in the versions that `src/knowledge/runners/web.ts` names. */
const HOOKS: Record<string, (own: Own) => string | undefined> = {
  "express app": middleware,
  "connect app": middleware,
  "hono app": ({ scene, spot, app, name, tell }) => {
    const { source } = app;
    const q = source.style.quote;
    const statements = [
      `if (${q}getResponse${q} in ${name}) return ${name}.getResponse()${source.style.semicolon}`,
      tell,
      logOf(scene.project, source, spot.node, name),
      `return c.text(${q}Internal Server Error${q}, 500)`,
    ];
    const fn = functionText(source, { isAsync: false, param: `${name}, c`, statements, outer: "" });
    return `${app.name}.onError(${fn})`;
  },
  "koa app": ({ app, name, tell }) => {
    const { source } = app;
    // without a listener koa calls its own, which writes a line
    const statements = [
      `if (!${name}.expose) ${tell}${source.style.semicolon}`,
      `${app.name}.onerror(${name})`,
    ];
    const fn = functionText(source, { isAsync: false, param: name, statements, outer: "" });
    return `${app.name}.on(${source.style.quote}error${source.style.quote}, ${fn})`;
  },
  "fastify app": ({ app, name, tell }) => {
    const { source } = app;
    const statements = [
      `if (!${name}.statusCode || ${name}.statusCode >= 500) ${tell}${source.style.semicolon}`,
    ];
    const [request, reply] = source.isTypeScript ? ["_request", "_reply"] : ["request", "reply"];
    const param = `${request ?? ""}, ${reply ?? ""}, ${name}`;
    const fn = functionText(source, { isAsync: true, param, statements, outer: "" });
    return `${app.name}.addHook(${source.style.quote}onError${source.style.quote}, ${fn})`;
  },
};

function middleware({ app, name, tell }: Own): string | undefined {
  const { source } = app;
  const params = source.isTypeScript ? typedParams(app, name) : `${name}, req, res, next`;
  if (params === undefined) return undefined;
  const fn = functionText(source, {
    isAsync: false,
    param: params,
    statements: [tell, `next(${name})`],
    outer: "",
  });
  return `${app.name}.use(${fn})`;
}

/** TypeScript does not know the parameters of an error middleware by itself. */
function typedParams({ source }: App, name: string): string | undefined {
  const express = /import\s+(?:\*\s+as\s+)?(\w+)[^;]*?from\s+["']express["']/.exec(source.text)?.[1];
  if (express === undefined) return undefined;
  return `${name}: unknown, _req: ${express}.Request, _res: ${express}.Response, next: ${express}.NextFunction`;
}
