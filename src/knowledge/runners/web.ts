/**
 * Web frameworks, and where they tell of the failure of a route.
 *
 * Run with Node.js 20: express 4.22.3 and 5.3.0, connect 3.7.0, koa 2.16.4 and 3.3.0, fastify 5.12.8, hono 4.13.19, @hapi/hapi
 * 21.4.10, restify 11.1.0, polka 0.5.2, h3 1.15.11, @octokit/webhooks 14.2.0. An async route that rejects: express 4, connect and
 * polka drop the promise, all others answer 500 themselves. A route that throws: polka and restify let it become an uncaught
 * exception. In hono a `try` around `next()` never catches (the error is in `c.error` afterwards).
 * Read: @nestjs/core 12.5.1 (exceptions-handler), @apollo/server 5.5.1 and apollo-server 3.13.0 (formatError), @trpc/server
 * 11.25.2 (onError of its adapters), github-webhook-handler 1.0.0 (emits `error`), nitropack 2.13.6 (hook `error`).
 * hapi hands every answer, failed or not, to its extensions (`server.ext("onPreResponse")`): none of them is a hook for errors only.
 */
import type { RunnerFacts } from "../schema.js";

const verbs = ["get", "post", "put", "patch", "delete", "del", "all", "use", "options", "head"];
const routes: RunnerFacts["handlers"] = verbs.map((method) => ({ method, arguments: "rest" }));
const middleware: RunnerFacts["hooks"] = [{ as: "middleware", name: "use", error: 0, arity: 4 }];

/** What most have in common: the failure ends in an answer with status 500. */
const kept: Pick<RunnerFacts, "kind" | "failure" | "construct"> = {
  kind: "web",
  failure: "kept",
  construct: false,
};

const express = { ...kept, name: "express app", modules: ["express"], make: "default" };
const hono = { ...kept, name: "hono app", construct: true };
const koaRouter = { ...kept, name: "koa router", modules: ["@koa/router", "koa-router"] };
const honoHooks: RunnerFacts["hooks"] = [{ as: "method", name: "onError", error: 0 }];
const hapiRoutes: RunnerFacts["handlers"] = [{ method: "route", arguments: [0], properties: ["handler"] }];
const fastifyHooks: RunnerFacts["hooks"] = [{ as: "method", name: "setErrorHandler", error: 0 }];
const formatError: RunnerFacts["hooks"] = [{ as: "option", name: "formatError", error: 1 }];
const trpcOnError: RunnerFacts["hooks"] = [{ as: "option", name: "onError", error: 0 }];

export const web: RunnerFacts[] = [
  { ...express, versions: "<5", failure: "rejects", handlers: routes, hooks: middleware },
  { ...express, handlers: routes, hooks: middleware },
  {
    ...kept,
    name: "connect app",
    modules: ["connect"],
    make: "default",
    failure: "rejects",
    handlers: [{ method: "use", arguments: "rest" }],
    hooks: middleware,
  },
  {
    ...kept,
    name: "koa app",
    modules: ["koa"],
    make: "default",
    construct: true,
    handlers: [{ method: "use", arguments: "rest" }],
    hooks: [{ as: "event", name: "error", error: 0 }],
  },
  { ...koaRouter, make: "default", construct: true, handlers: routes, hooks: [] },
  { ...koaRouter, make: "Router", construct: true, handlers: routes, hooks: [] },
  { ...koaRouter, make: "default", construct: false, handlers: routes, hooks: [] },
  { ...hono, modules: ["hono", "hono/quick", "hono/tiny"], make: "Hono", handlers: routes, hooks: honoHooks },
  {
    ...hono,
    modules: ["@hono/zod-openapi"],
    make: "OpenAPIHono",
    handlers: [...routes, { method: "openapi", arguments: "rest" }],
    hooks: honoHooks,
  },
  {
    ...kept,
    name: "fastify app",
    modules: ["fastify"],
    make: "default",
    handlers: routes,
    hooks: fastifyHooks,
  },
  {
    ...kept,
    name: "fastify app",
    modules: ["fastify"],
    make: "fastify",
    handlers: routes,
    hooks: fastifyHooks,
  },
  {
    ...kept,
    name: "hapi server",
    modules: ["@hapi/hapi", "hapi"],
    make: "Server",
    construct: true,
    handlers: hapiRoutes,
    hooks: [],
  },
  {
    ...kept,
    name: "hapi server",
    modules: ["@hapi/hapi", "hapi"],
    make: "server",
    handlers: hapiRoutes,
    hooks: [],
  },
  {
    ...kept,
    name: "Nest application",
    modules: ["@nestjs/core"],
    make: "NestFactory.create",
    handlers: [],
    hooks: [{ as: "class", name: "Catch", error: 0 }],
  },
  {
    ...kept,
    name: "Apollo server",
    modules: ["@apollo/server", "apollo-server", "apollo-server-express", "apollo-server-koa"],
    make: "ApolloServer",
    construct: true,
    handlers: [],
    hooks: formatError,
  },
  {
    ...kept,
    name: "tRPC handler",
    modules: ["@trpc/server/adapters/express"],
    make: "createExpressMiddleware",
    handlers: [],
    hooks: trpcOnError,
  },
  {
    ...kept,
    name: "tRPC server",
    modules: ["@trpc/server/adapters/standalone"],
    make: "createHTTPServer",
    handlers: [],
    hooks: trpcOnError,
  },
  {
    ...kept,
    name: "restify server",
    modules: ["restify"],
    make: "createServer",
    handlers: verbs.map((method) => ({ method, arguments: "rest" as const })),
    hooks: [
      { as: "event", name: "restifyError", error: 2 },
      { as: "event", name: "uncaughtException", error: 2 },
    ],
  },
  {
    ...kept,
    name: "h3 app",
    modules: ["h3"],
    make: "createApp",
    handlers: [{ method: "use", arguments: "rest" }],
    hooks: [{ as: "option", name: "onError", error: 0 }],
  },
  {
    ...kept,
    name: "GitHub webhooks",
    modules: ["@octokit/webhooks"],
    make: "Webhooks",
    construct: true,
    handlers: [
      { method: "on", arguments: [1] },
      { method: "onAny", arguments: [0] },
    ],
    hooks: [{ as: "method", name: "onError", error: 0 }],
  },
  {
    name: "webhook handler",
    kind: "web",
    modules: ["github-webhook-handler"],
    make: "default",
    construct: false,
    failure: "throws",
    handlers: [{ method: "on", arguments: [1] }],
    hooks: [{ as: "event", name: "error", error: 0 }],
  },
];
