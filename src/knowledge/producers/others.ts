/**
 * What else keeps a program alive: schedules, chat bots, servers on standard input, parents of worker processes.
 *
 * Read in the type declarations and sources of node-cron 3.0.3 and 4.6.0, cron 3.5.0 and 4.4.0, croner 11.0.1, node-schedule 2.1.1,
 * toad-scheduler 4.1.0, bree 9.2.9, @slack/bolt 5.1.0, discord.js 14.28.1, telegraf 4.16.3, grammy 1.46.0,
 * @modelcontextprotocol/sdk 1.32.2, fastmcp 4.20.16, vscode-languageserver 10.1.2, throng 5.0.0, Node.js 20.20.
 * Schedules only stop asking for the next run; `gracefulShutdown` of node-schedule and `shutdown` of node-cron 4 wait for a run
 * under way.
 * throng hands the signal on to its workers and ends the parent after its grace; the worker's own listeners still run.
 */
import type { DrainFacts, ProducerFacts } from "../schema.js";

const stopOnly: DrainFacts[] = [{ method: "stop", style: "fire-and-forget" }];
const schedule = { kind: "schedule", construct: false } as const;

const mcp = {
  kind: "stdio",
  name: "MCP server",
  construct: true,
  serve: "connect",
  serves: "self",
  drains: [{ method: "close", style: "promise" }] as DrainFacts[],
} as const;

export const others: ProducerFacts[] = [
  {
    ...schedule,
    name: "node-cron schedule",
    modules: ["node-cron"],
    make: "default",
    serve: "schedule",
    serves: "result",
    drains: [...stopOnly, { method: "shutdown", style: "promise" }],
  },
  { ...schedule, name: "cron job", modules: ["cron"], make: "CronJob", construct: true, drains: stopOnly },
  { ...schedule, name: "cron job", modules: ["cron"], make: "CronJob.from", drains: stopOnly },
  {
    ...schedule,
    name: "croner schedule",
    modules: ["croner"],
    make: "Cron",
    construct: true,
    drains: stopOnly,
  },
  {
    ...schedule,
    name: "croner schedule",
    modules: ["croner"],
    make: "default",
    construct: true,
    drains: stopOnly,
  },
  {
    ...schedule,
    name: "node-schedule job",
    modules: ["node-schedule"],
    make: "default",
    serve: "scheduleJob",
    serves: "result",
    drains: [
      { method: "gracefulShutdown", style: "promise" },
      { method: "cancel", style: "fire-and-forget" },
    ],
  },
  {
    ...schedule,
    name: "toad-scheduler",
    modules: ["toad-scheduler"],
    make: "ToadScheduler",
    construct: true,
    drains: stopOnly,
  },
  {
    ...schedule,
    name: "bree scheduler",
    modules: ["bree"],
    make: "default",
    construct: true,
    serve: "start",
    serves: "self",
    drains: [{ method: "stop", style: "promise" }],
  },
  {
    name: "Slack app",
    kind: "bot",
    modules: ["@slack/bolt"],
    make: "App",
    construct: true,
    serve: "start",
    serves: "self",
    drains: [{ method: "stop", style: "promise" }],
  },
  {
    name: "Discord client",
    kind: "bot",
    modules: ["discord.js"],
    make: "Client",
    construct: true,
    serve: "login",
    serves: "self",
    drains: [{ method: "destroy", style: "promise" }],
  },
  {
    name: "Telegram bot",
    kind: "bot",
    modules: ["telegraf"],
    make: "Telegraf",
    construct: true,
    serve: "launch",
    serves: "self",
    drains: stopOnly,
  },
  {
    name: "Telegram bot",
    kind: "bot",
    modules: ["grammy"],
    make: "Bot",
    construct: true,
    serve: "start",
    serves: "self",
    drains: [{ method: "stop", style: "promise" }],
  },
  {
    name: "Telegram bot",
    kind: "bot",
    modules: ["@grammyjs/runner"],
    make: "run",
    construct: false,
    drains: [{ method: "stop", style: "promise" }],
  },
  {
    ...mcp,
    modules: ["@modelcontextprotocol/sdk/server/mcp.js", "@modelcontextprotocol/sdk/server/mcp"],
    make: "McpServer",
  },
  {
    ...mcp,
    modules: [
      "@modelcontextprotocol/sdk/server/index.js",
      "@modelcontextprotocol/sdk/server/index",
      "@modelcontextprotocol/sdk/server",
    ],
    make: "Server",
  },
  {
    ...mcp,
    modules: ["fastmcp"],
    make: "FastMCP",
    serve: "start",
    drains: [{ method: "stop", style: "promise" }],
  },
  {
    name: "language server",
    kind: "stdio",
    modules: ["vscode-languageserver/node", "vscode-languageserver/node.js", "vscode-languageserver"],
    make: "createConnection",
    construct: false,
    serve: "listen",
    serves: "self",
    drains: [{ method: "dispose", style: "sync" }],
  },
  {
    name: "cluster",
    kind: "processes",
    modules: ["cluster", "node:cluster"],
    make: "default",
    construct: false,
    serve: "fork",
    serves: "self",
    drains: [{ method: "disconnect", style: "callback" }],
  },
  {
    name: "throng cluster",
    kind: "processes",
    modules: ["throng"],
    make: "default",
    construct: false,
    drains: [],
    signals: { events: ["SIGTERM", "SIGINT"], exits: true },
  },
];
