/** What a proof counts. Each signal is counted apart, so a lost event cannot hide behind a session that arrived. */
export type Signal =
  | "spans"
  | "metricPoints"
  | "logRecords"
  | "events"
  | "exceptions"
  | "transactions"
  | "sessions"
  | "checkIns";

/** One thing that arrived: what it is, and the name by which a reader of the program would know it. */
export interface Item {
  signal: Signal;
  name: string;
  /** It came within another item, an exception within its span: counted as its own signal, but recorded along with the other. */
  inside?: true;
}

/** The names under which a fixture or a user picks what to receive. */
export type ReceiverName =
  | "otlp-http-json"
  | "otlp-http-protobuf"
  | "sentry"
  | "posthog"
  | "applicationinsights"
  | "segment"
  | "rollbar"
  | "bugsnag";

/** One HTTP request, its body already unzipped. */
export interface Request {
  method: string;
  /** Without the query. */
  path: string;
  contentType: string;
  body: Buffer;
}

/** What the real endpoint would answer. */
export interface Answer {
  status: number;
  contentType: string;
  body: string;
}

/** One wire protocol: how a program is pointed at it, which requests are its own, what they carry, what is answered. */
export interface Protocol {
  name: ReceiverName;
  /** Environment variables that point an SDK at `url` (`http://127.0.0.1:<port>`, no trailing slash). */
  env(url: string): Record<string, string>;
  owns(request: Request): boolean;
  /** @throws when the body is not what the protocol says */
  decode(request: Request): Item[];
  answer(request: Request, items: readonly Item[]): Answer;
}

/** A JSON answer with status 200. */
export function jsonAnswer(value: unknown): Answer {
  return { status: 200, contentType: "application/json", body: JSON.stringify(value) };
}
