/**
 * What the tracer providers of the OpenTelemetry SDK have, and what its second major version removed.
 *
 * Read in @opentelemetry/sdk-trace-base 1.30.1, 2.0.0 and 2.12.0, sdk-trace 2.11.0, sdk-metrics 1.30.1 and 2.0.0, sdk-logs 0.57.2 and
 * 0.200.0 to 0.208.0, resources 1.30.1 and 2.0.0, api 0.10.2 to 1.10.0, sdk-node 0.57.2 and 0.200.0.
 */

/** What is lost when a member of the SDK's provider is not there. */
export type ProviderMember = "flush" | "close" | "attach" | "start" | "read";

/** Members of the SDK's tracer providers, of any major version, which the API's `ProxyTracerProvider` around them has not. */
export const sdkProviderMembers: Readonly<Record<string, ProviderMember>> = {
  forceFlush: "flush",
  shutdown: "close",
  addSpanProcessor: "attach",
  getActiveSpanProcessor: "attach",
  activeSpanProcessor: "attach",
  _activeSpanProcessor: "attach",
  _registeredSpanProcessors: "attach",
  register: "start",
  resource: "read",
  _resource: "read",
  _config: "read",
};

/** By these the API's proxy is asked for the provider behind it. */
export const proxyMembers: ReadonlySet<string> = new Set(["getDelegate", "_delegate", "getDelegateTracer"]);

/** Versions of @opentelemetry/api whose global tracer provider is none, or is not known to be a proxy. */
export const apiWithoutProxy: readonly string[] = ["<0.11", ">=2"];

/** The classes of tracer providers, by the names that the packages export. */
export const tracerProviders: ReadonlySet<string> = new Set([
  "BasicTracerProvider",
  "NodeTracerProvider",
  "WebTracerProvider",
  "StackTracerProvider",
  "TracerProvider",
]);

/** What a program does with a tracer provider without handing a processor to it in another way. */
export const ordinaryProviderMembers: ReadonlySet<string> = new Set([
  "getTracer",
  "forceFlush",
  "shutdown",
  "register",
  "resource",
  "constructor",
  "getDelegate",
]);

/** The package for browsers, of whose programs the other tables say nothing: none of them ends as a process does. */
export const webProviders = {
  specifier: "@opentelemetry/sdk-trace-web",
  names: new Set(["WebTracerProvider", "StackTracerProvider", "BasicTracerProvider"]),
} as const;

/** A member that a provider had in the first major version. */
export interface RemovedMember {
  name: string;
  /** The classes that had it. */
  of: ReadonlySet<string>;
  /** The packages that say which major version is there, with the versions that have it no more. */
  since: Readonly<Record<string, string>>;
  /** The option of the constructor that is there in its stead. */
  option: string | undefined;
  /** What is handed over to it: `processor`, `reader`; undefined for what hands out something. */
  takes: string | undefined;
  /** It was read and not called. */
  property?: true;
}

const traceSdk = {
  "@opentelemetry/sdk-trace-base": ">=2",
  "@opentelemetry/sdk-trace-node": ">=2",
  "@opentelemetry/sdk-trace-web": ">=2",
  "@opentelemetry/sdk-trace": ">=2",
  "@opentelemetry/sdk-node": ">=0.200",
};

export const removedMembers: readonly RemovedMember[] = [
  {
    name: "addSpanProcessor",
    of: tracerProviders,
    since: traceSdk,
    option: "spanProcessors",
    takes: "processor",
  },
  {
    name: "getActiveSpanProcessor",
    of: tracerProviders,
    since: traceSdk,
    option: undefined,
    takes: undefined,
  },
  {
    name: "activeSpanProcessor",
    of: tracerProviders,
    since: traceSdk,
    option: undefined,
    takes: undefined,
    property: true,
  },
  {
    name: "addMetricReader",
    of: new Set(["MeterProvider"]),
    since: { "@opentelemetry/sdk-metrics": ">=2", "@opentelemetry/sdk-node": ">=0.200" },
    option: "readers",
    takes: "reader",
  },
  {
    // sdk-logs has no major version yet: 0.202 still has it
    name: "addLogRecordProcessor",
    of: new Set(["LoggerProvider"]),
    since: { "@opentelemetry/sdk-logs": ">=0.203", "@opentelemetry/sdk-node": ">=0.203" },
    option: "processors",
    takes: "processor",
  },
];

/** `Resource` is a type only since 2.0.0, made by functions: `new Resource(attributes)` is no constructor any more. */
export const removedResource = {
  name: "Resource",
  specifier: "@opentelemetry/resources",
  /** A package that does not ask for it itself has it from one of these. */
  since: { "@opentelemetry/resources": ">=2", "@opentelemetry/sdk-metrics": ">=2", ...traceSdk },
  /** What stands for `new Resource(...)`, and for the static members. */
  instead: {
    new: "resourceFromAttributes",
    default: "defaultResource",
    empty: "emptyResource",
    EMPTY: "emptyResource",
  },
} as const;
