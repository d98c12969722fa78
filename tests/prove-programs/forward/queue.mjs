// Messages that are published while an instrumentation is switched on, and after it was switched off.
import { exported, provider, tell } from "./spans.mjs";

const { QueueInstrumentation } = await import(`${process.cwd()}/src/index.ts`);
const sent = [];
class Producer {
  publish(message) {
    return sent.push(message);
  }
}
const instrumentation = new QueueInstrumentation();
instrumentation.setTracerProvider(provider);
instrumentation.init().patch({ Producer });
const producer = new Producer();
const on = producer.publish("a");
instrumentation.disable();
tell({ on, off: producer.publish("b") ?? null, sent, spans: exported() });
process.disconnect();
