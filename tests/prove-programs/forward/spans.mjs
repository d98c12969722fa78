import { context, trace } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
} from "@opentelemetry/sdk-trace-base";

const exporter = new InMemorySpanExporter();

export const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });

/** Registers the SDK, as a preload of the program would. */
export function start() {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  trace.setGlobalTracerProvider(provider);
}

/** What has been exported by now. */
export const exported = () =>
  exporter.getFinishedSpans().map(({ name, events, attributes }) => ({
    name,
    events: events.map((event) => event.name),
    attributes,
  }));

/** Tells the test what happened. */
export const tell = (what) => {
  process.send(what);
};
