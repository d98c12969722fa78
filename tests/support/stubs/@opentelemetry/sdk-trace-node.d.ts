import { BasicTracerProvider } from "../parts/tracing.js";

export { BatchSpanProcessor, SimpleSpanProcessor } from "../parts/tracing.js";

export declare class NodeTracerProvider extends BasicTracerProvider {
  register(config?: object): void;
}
