interface Tracer {
  init(options?: Record<string, unknown>): Tracer;
  use(plugin: string, config?: unknown): Tracer;
}
declare const tracer: Tracer;
export { tracer };
export default tracer;
