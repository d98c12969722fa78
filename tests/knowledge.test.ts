import { describe, expect, it } from "vitest";
import {
  exits,
  owners,
  processEvents,
  telemetrySpecifiers,
  timers,
  vendors,
} from "../src/knowledge/index.js";
import { producers } from "../src/knowledge/producers.js";
import { runners } from "../src/knowledge/runners.js";
import { notModelled } from "../src/knowledge/not-modelled.js";
import type {
  CallFacts,
  CrashFacts,
  CrashOption,
  ExportFacts,
  PackageFacts,
  Vendor,
} from "../src/knowledge/schema.js";

/** The packages of the SDK catalogue that the tables were written from. */
const catalogue = [
  "@opentelemetry/sdk-node",
  "@opentelemetry/sdk-trace",
  "@opentelemetry/sdk-trace-base",
  "@opentelemetry/sdk-trace-node",
  "@opentelemetry/sdk-trace-web",
  "@opentelemetry/sdk-metrics",
  "@opentelemetry/sdk-logs",
  "@opentelemetry/exporter-trace-otlp-http",
  "@opentelemetry/exporter-trace-otlp-proto",
  "@opentelemetry/exporter-trace-otlp-grpc",
  "@opentelemetry/exporter-metrics-otlp-http",
  "@opentelemetry/exporter-metrics-otlp-proto",
  "@opentelemetry/exporter-metrics-otlp-grpc",
  "@opentelemetry/exporter-logs-otlp-http",
  "@opentelemetry/exporter-logs-otlp-proto",
  "@opentelemetry/exporter-logs-otlp-grpc",
  "@opentelemetry/exporter-prometheus",
  "@opentelemetry/exporter-zipkin",
  "@opentelemetry/exporter-jaeger",
  "@opentelemetry/auto-instrumentations-node",
  "@opentelemetry/instrumentation",
  "@opentelemetry/api",
  "@sentry/node",
  "@sentry/nestjs",
  "@sentry/aws-serverless",
  "@sentry/bun",
  "@sentry/cloudflare",
  "@sentry/nextjs",
  "@azure/monitor-opentelemetry",
  "@azure/monitor-opentelemetry-exporter",
  "applicationinsights",
  "@microsoft/opentelemetry",
  "dd-trace",
  "hot-shots",
  "newrelic",
  "posthog-node",
  "@segment/analytics-node",
  "analytics-node",
  "pino",
  "winston",
  "prom-client",
  "langfuse",
  "langfuse-node",
  "@langfuse/otel",
  "langsmith",
  "@traceloop/node-server-sdk",
  "@lmnr-ai/lmnr",
  "@vercel/otel",
  "@splunk/otel",
  "@elastic/opentelemetry-node",
  "@honeycombio/opentelemetry-node",
  "@baselime/node-opentelemetry",
  "@effect/opentelemetry",
  "@highlight-run/node",
  "elastic-apm-node",
  "@bugsnag/js",
  "rollbar",
  "@rudderstack/rudder-sdk-node",
  "@amplitude/analytics-node",
  "mixpanel",
  "@launchdarkly/node-server-sdk",
  "launchdarkly-node-server-sdk",
  "statsig-node",
  "@logtail/node",
  "@axiomhq/js",
  "@axiomhq/winston",
  "@axiomhq/pino",
  "@logtape/logtape",
  "@google-cloud/opentelemetry-cloud-trace-exporter",
  "@google-cloud/logging-winston",
  "@google-cloud/error-reporting",
  "@pyroscope/nodejs",
  "@appsignal/nodejs",
  "@instana/collector",
  "@middleware.io/node-apm",
  "@snapshot-labs/snapshot-sentry",
  "@axiomhq/logging",
  "datadog-metrics",
  "@honeybadger-io/js",
  "@langfuse/client",
  "@langfuse/tracing",
  "@langfuse/openai",
  "@langfuse/langchain",
  "langfuse-vercel",
];

interface Named<T> {
  where: string;
  pkg: PackageFacts;
  siblings: Record<string, unknown>;
  facts: T;
}

const packages = vendors.flatMap((v) => v.packages);

/** Exports of every package, those of its majors included. */
const exported: Named<ExportFacts>[] = packages.flatMap((pkg) =>
  [pkg.exports, ...(pkg.majors ?? []).map((m) => m.exports ?? {})].flatMap((table) =>
    Object.entries(table).map(([name, facts]) => ({
      where: `${pkg.specifiers[0]}#${name}`,
      pkg,
      siblings: pkg.exports,
      facts,
    })),
  ),
);

/** Every call of the tables, exported functions and members alike. */
const calls: Named<CallFacts>[] = exported.flatMap(({ where, pkg, siblings, facts }): Named<CallFacts>[] => {
  if (facts.kind === "function") return [{ where, pkg, siblings, facts }];
  if (facts.kind !== "class") return [];
  return Object.entries(facts.members).flatMap(([name, member]) =>
    "role" in member ? [{ where: `${where}.${name}`, pkg, siblings: facts.members, facts: member }] : [],
  );
});

/** Every reference to a class, as it is written. */
const references = exported.flatMap(({ where, pkg, facts }) => {
  const found: (string | undefined)[] =
    facts.kind === "object"
      ? [facts.type]
      : facts.kind === "class"
        ? [facts.extends, ...Object.values(facts.members).map((m) => ("role" in m ? m.returns : m.type))]
        : [facts.returns];
  return found.filter((r) => r !== undefined).map((reference) => ({ where, pkg, reference }));
});

function resolve(pkg: PackageFacts, reference: string): ExportFacts | undefined {
  const [specifier, name] = reference.includes("#")
    ? (reference.split("#") as [string, string])
    : [undefined, reference];
  const home = specifier === undefined ? pkg : packages.find((p) => p.specifiers.includes(specifier));
  return home?.exports[name];
}

const named = <T extends { where: string }>(list: T[]): string[] => list.map((x) => x.where);

describe("knowledge", () => {
  it("has a table, or a reason for none, for every package of the catalogue", () => {
    const silent = notModelled.map((n) => n.package);
    const known = (name: string): boolean =>
      silent.includes(name) || telemetrySpecifiers.some((s) => s === name || s.startsWith(`${name}/`));
    expect(catalogue.filter((name) => !known(name))).toEqual([]);
  });

  it("names no package both in a table and as not modelled", () => {
    expect(notModelled.filter((n) => telemetrySpecifiers.includes(n.package))).toEqual([]);
  });

  it("has each specifier once", () => {
    const twice = telemetrySpecifiers.filter((s, i) => telemetrySpecifiers.indexOf(s) !== i);
    expect(twice).toEqual([]);
    expect(new Set(vendors.map((v) => v.name)).size).toBe(vendors.length);
  });

  it("resolves every reference to a class", () => {
    expect(references.length).toBeGreaterThan(50);
    const broken = references.filter((r) => resolve(r.pkg, r.reference)?.kind !== "class");
    expect(broken.map((r) => `${r.where} -> ${r.reference}`)).toEqual([]);
  });

  it("says where the callback goes exactly when there is one", () => {
    const takes = calls.filter(
      (c) => c.facts.style === "callback" || c.facts.style === "promise-or-callback",
    );
    expect(named(takes.filter((c) => !c.facts.callback))).toEqual([]);
    // a capture that tells nobody by itself may still be given a callback
    const others = calls.filter(
      (c) => !takes.includes(c) && !(c.facts.role === "capture" && c.facts.style === "fire-and-forget"),
    );
    expect(named(others.filter((c) => c.facts.callback))).toEqual([]);
  });

  it("says how to wait for a flush or a close that a plain await does not wait for", () => {
    const unawaitable = calls.filter(
      (c) =>
        (c.facts.role === "flush" || c.facts.role === "close") &&
        ["callback", "wrapper", "event"].includes(c.facts.style),
    );
    expect(named(unawaitable.filter((c) => !c.facts.awaitable?.includes("$.") && !c.facts.twin))).toEqual([]);
    expect(named(calls.filter((c) => (c.facts.style === "event") !== (c.facts.event !== undefined)))).toEqual(
      [],
    );
  });

  it("names twins that exist and can be awaited", () => {
    const twins = calls.filter((c) => c.facts.twin !== undefined);
    expect(twins.length).toBeGreaterThan(0);
    const broken = twins.filter(
      (c) => (c.siblings[c.facts.twin ?? ""] as CallFacts | undefined)?.style !== "promise",
    );
    expect(named(broken)).toEqual([]);
  });

  it("keeps no type-only class that nothing refers to", () => {
    const refs = exported.filter((e) => e.facts.kind === "class" && e.facts.typeOnly);
    const reached = new Set(references.map((r) => resolve(r.pkg, r.reference)));
    expect(named(refs.filter((e) => !reached.has(e.facts)))).toEqual([]);
  });

  it("starts something for every vendor that can lose something, unless its parts are started by others", () => {
    const startless = vendors.filter(
      (v) =>
        v.buffering !== "none" &&
        !v.packages.some((p) => p.startsOnImport) &&
        !exported.some(
          (e) => v.packages.includes(e.pkg) && e.facts.kind === "class" && e.facts.construct === "start",
        ) &&
        !calls.some((c) => v.packages.includes(c.pkg) && c.facts.role === "start"),
    );
    expect(startless.map((v) => v.name)).toEqual(["prom-client"]);
  });

  it("names each exit once, and each owner's callbacks", () => {
    const paths = exits.flatMap((e) => (e.modules ?? ["global"]).map((m) => `${m}#${e.path}`));
    expect(paths.filter((p, i) => paths.indexOf(p) !== i)).toEqual([]);
    expect(exits.filter((e) => e.kind === "self-kill" && !e.onlyOwnPid)).toEqual([]);
    expect(owners.filter((o) => o.callbacks.length === 0)).toEqual([]);
  });

  it("knows which process events end without waiting", () => {
    expect(processEvents.filter((e) => e.syncOnly).map((e) => e.name)).toEqual([
      "exit",
      "uncaughtExceptionMonitor",
    ]);
    expect(processEvents.filter((e) => e.repeats).map((e) => e.name)).toEqual(["beforeExit"]);
    expect(Object.keys(timers)).toContain("setTimeout");
  });

  it("says once how each producer is made and set to work, and how it is drained", () => {
    const ways = producers.flatMap((p) =>
      p.modules.map((m) => `${m}#${p.construct ? "new " : ""}${p.make}.${p.serve ?? ""}`),
    );
    expect(ways.filter((w, i) => ways.indexOf(w) !== i)).toEqual([]);
    expect(producers.filter((p) => p.modules.includes("") && !p.make.includes("."))).toEqual([]);
    expect(producers.filter((p) => (p.serves !== undefined) !== (p.serve !== undefined))).toEqual([]);
    const undrained = producers.filter((p) => p.drains.length === 0);
    expect(undrained.filter((p) => !p.signals?.exits)).toEqual([]);
  });
});

describe("knowledge of crashes", () => {
  interface Known {
    where: string;
    vendor: Vendor;
    packages: PackageFacts[];
    facts: CrashFacts;
  }

  /** Each table with the packages that it holds for: a vendor's for all that have none of their own. */
  const tables: Known[] = vendors.flatMap((vendor): Known[] => {
    const own = vendor.packages.flatMap((pkg): Known[] => [
      ...(pkg.crash ? [{ where: pkg.specifiers[0] ?? "", vendor, packages: [pkg], facts: pkg.crash }] : []),
      ...(pkg.majors ?? []).flatMap((m) =>
        m.crash
          ? [{ where: `${pkg.specifiers[0] ?? ""}@${m.range}`, vendor, packages: [pkg], facts: m.crash }]
          : [],
      ),
    ]);
    const others = vendor.packages.filter((pkg) => !pkg.crash);
    return vendor.crash
      ? [{ where: vendor.name, vendor, packages: others, facts: vendor.crash }, ...own]
      : own;
  });

  /** Every name by which something of the packages can be called. */
  const callable = (list: PackageFacts[]): Map<string, CallFacts[]> => {
    const names = new Map<string, CallFacts[]>();
    const add = (name: string, facts: CallFacts): void => {
      names.set(name, [...(names.get(name) ?? []), facts]);
    };
    for (const pkg of list)
      for (const [name, facts] of Object.entries(pkg.exports)) {
        if (facts.kind === "function") add(name, facts);
        if (facts.kind !== "class") continue;
        for (const [member, m] of Object.entries(facts.members)) if ("role" in m) add(member, m);
      }
    return names;
  };

  it("has a table for every reporter of errors", () => {
    const reporters = tables.filter((t) => t.facts.reporter).map((t) => t.vendor.name);
    expect([...new Set(reporters)].sort()).toEqual([
      "Bugsnag",
      "Google Error Reporting",
      "Highlight",
      "Honeybadger",
      "Rollbar",
      "Sentry",
    ]);
    expect(tables.filter((t) => t.facts.reporter && t.facts.tell === undefined)).toEqual([]);
  });

  it("tells an SDK of an error by a call that captures", () => {
    const importable = tables.filter((t) => t.packages.some((p) => Object.keys(p.exports).length > 0));
    const handles = importable.filter((t) => t.facts.tell?.startsWith("$."));
    expect(handles.length).toBeGreaterThan(10);
    const broken = handles.filter(({ facts, packages: list }) => {
      const [, path] = /^\$\.([\w.]+)\([^%]*%[^%]*\)$/.exec(facts.tell ?? "") ?? [];
      const found = [...callable(list)].filter(([name]) => name === path || name.endsWith(`.${path ?? ""}`));
      return found.length === 0 || !found.every(([, calls]) => calls.every((c) => c.role === "capture"));
    });
    expect(broken.map((t) => `${t.where}: ${t.facts.tell ?? ""}`)).toEqual([]);
    const spans = importable.filter((t) => t.facts.tell !== undefined && !handles.includes(t));
    expect(spans.filter((t) => t.facts.tell !== "span.recordException(%)")).toEqual([]);
  });

  it("names runners that are known", () => {
    const known = new Set(runners.map((r) => r.name));
    const named = tables.flatMap(({ where, facts }) =>
      [...(facts.runners ?? []), ...(facts.hooks ?? []).map((h) => h.runner)].map((name) => ({
        where,
        name,
      })),
    );
    expect(named.length).toBeGreaterThan(30);
    expect(named.filter(({ name }) => !known.has(name))).toEqual([]);
  });

  it("names each hook of a runner once, by a path", () => {
    const hooks = tables.flatMap(({ where, facts }) => (facts.hooks ?? []).map((h) => ({ where, ...h })));
    expect(hooks.filter((h) => !/^[A-Za-z]\w*(\.[A-Za-z]\w*)*$/.test(h.path))).toEqual([]);
    const keys = hooks.map((h) => `${h.where} ${h.runner} ${h.path}`);
    expect(keys.filter((k, i) => keys.indexOf(k) !== i)).toEqual([]);
  });

  it("puts the error middleware of express and connect after the routes", () => {
    const hooks = tables.flatMap(({ where, facts }) => (facts.hooks ?? []).map((h) => ({ where, ...h })));
    const middleware = hooks.filter((h) => h.runner === "express app" || h.runner === "connect app");
    expect(middleware.filter((h) => !h.ordered)).toEqual([]);
  });

  it("switches something with every option, and says which way", () => {
    const options = tables.flatMap(({ where, facts }) =>
      (facts.options ?? []).map((option) => ({ where, facts, option })),
    );
    const oneWay = ({ on, off, names }: CrashOption): number =>
      [on, off, names].filter((way) => way !== undefined).length;
    expect(options.filter(({ option }) => oneWay(option) !== 1)).toEqual([]);
    expect(options.filter(({ option }) => option.events.length === 0)).toEqual([]);
    expect(options.filter(({ option }) => option.property === "" && option.call === undefined)).toEqual([]);
    const idle = options.filter(
      ({ facts, option }) =>
        option.off !== undefined && !option.events.some((event) => facts.hears.includes(event)),
    );
    expect(idle.map(({ where, option }) => `${where}: ${option.property}`)).toEqual([]);
  });

  it("says how a process ends only for what can hear that it should", () => {
    const hearing = ({ facts }: Known): boolean =>
      facts.hears.includes("uncaughtException") ||
      (facts.options ?? []).some((o) => o.on !== undefined && o.events.includes("uncaughtException"));
    expect(tables.filter((t) => t.facts.ends !== undefined && !hearing(t)).map((t) => t.where)).toEqual([]);
    expect(tables.filter((t) => t.facts.endsWith && t.facts.ends !== "never").map((t) => t.where)).toEqual(
      [],
    );
    expect(
      tables.filter((t) => t.facts.rejectionsAsUncaught && !t.facts.hears.includes("unhandledRejection")),
    ).toEqual([]);
  });

  it("agrees with the endings of the same packages", () => {
    const wrong = tables.flatMap(({ where, packages: list, facts }) => {
      if (where.includes("@<")) return [];
      return list.flatMap((pkg) => {
        const ending = pkg.endings?.find((e) => e.event === "uncaughtException");
        if (!ending) return [];
        const expected = !ending.exits ? "never" : ending.alone ? "alone" : "always";
        return facts.ends === expected ? [] : [`${where}: ${String(facts.ends)}, not ${expected}`];
      });
    });
    expect(wrong).toEqual([]);
  });
});
