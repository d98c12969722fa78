import type { Source } from "../../edit/source.js";

/** A provider of grpc-js that gives one interceptor, as the file writes functions. */
export const providerOf = (source: Source, interceptor: string): string =>
  source.style.arrows
    ? `() => ${interceptor}`
    : `function () { return ${interceptor}${source.style.semicolon} }`;
