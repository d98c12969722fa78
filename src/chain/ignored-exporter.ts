import type { Check } from "./check.js";

/** `traceExporter` beside `spanProcessors` is ignored. */
export const ignoredExporter: Check = {
  id: "ignored-exporter",
  summary: "`traceExporter` beside `spanProcessors` is ignored.",
  strict: false,
  find: () => [],
  message: () => "",
};
