export declare class SentryGlobalFilter {
  constructor(adapter?: unknown);
  catch(exception: unknown, host: unknown): unknown;
}
