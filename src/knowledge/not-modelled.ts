/** Packages that a reader may look for in the tables, and why they have none. */
export const notModelled: { package: string; reason: string }[] = [
  { package: "@opentelemetry/sdk-trace-web", reason: "browser only" },
  {
    package: "@opentelemetry/instrumentation",
    reason: "patches modules; holds nothing that could be flushed",
  },
  { package: "@middleware.io/node-apm", reason: "no longer published under this name" },
];
