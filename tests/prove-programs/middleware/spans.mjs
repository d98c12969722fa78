import { context, trace } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
} from "@opentelemetry/sdk-trace-base";

const exporter = new InMemorySpanExporter();

context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
trace.setGlobalTracerProvider(
  new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] }),
);

/** The names of the spans that were exported, in their order, each behind its parent's; with the status that they carry. */
export function exported() {
  const spans = exporter.getFinishedSpans();
  return spans.map(({ name, parentSpanContext, attributes }) => {
    const parent = spans.find((s) => s.spanContext().spanId === parentSpanContext?.spanId);
    const status = attributes["http.status_code"];
    return `${parent ? `${parent.name} > ` : ""}${name}${status === undefined ? "" : ` ${status}`}`;
  });
}

/** A module of the program that is proven. */
export const program = (file) => import(`${process.cwd()}/${file}`);

/** A route: a span of its own, after a while. */
export async function work(name = "route") {
  await new Promise((resolve) => setTimeout(resolve, 20));
  trace.getTracer("proof").startSpan(name).end();
}

/** What a promise gives, or the error that it fails with; `waits` when neither comes. */
export const within = (promise, millis = 4000) =>
  Promise.race([
    promise.catch((error) => error.message),
    new Promise((resolve) => setTimeout(resolve, millis, "waits")),
  ]);

/** Tells the test what happened once all is done, and ends. */
export async function tell(what) {
  await new Promise((resolve) => setTimeout(resolve, 300));
  process.send({ ...what, spans: exported() }, () => process.exit());
}
