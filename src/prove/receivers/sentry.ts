import { elements, firstText, property } from "./json.js";
import { jsonAnswer, type Item, type Protocol, type Signal } from "./protocol.js";

/** Envelope item types that carry one thing each (develop.sentry.dev, "Envelope Items"); client reports and attachments count as nothing. */
const single: Record<string, Signal> = {
  event: "events",
  feedback: "events",
  transaction: "transactions",
  session: "sessions",
  check_in: "checkIns",
};

/** Envelope item types that carry a list under `items`. */
const containers: Record<string, Signal> = {
  log: "logRecords",
  span: "spans",
  trace_metric: "metricPoints",
};

function nameOf(payload: unknown, type: string): string {
  const exception = elements(property(payload, "exception"), ["values"]).at(-1);
  const message = property(payload, "message");
  return firstText(
    [
      property(exception, "value"),
      message,
      property(message, "formatted"),
      property(payload, "transaction"),
      property(payload, "monitor_slug"),
      property(payload, "name"),
      property(payload, "body"),
      property(payload, "sid"),
    ],
    `(${type})`,
  );
}

/** The items of one envelope: a header line, then for each item a header line and a payload, which may span lines when its length is given. */
export function envelopeItems(body: Buffer): Item[] {
  const items: Item[] = [];
  let at = body.indexOf(0x0a) + 1;
  if (at === 0) return items;
  const endOfLine = (from: number): number => {
    const end = body.indexOf(0x0a, from);
    return end === -1 ? body.length : end;
  };
  while (at < body.length) {
    const headerEnd = endOfLine(at);
    const line = body.toString("utf8", at, headerEnd).trim();
    at = headerEnd + 1;
    if (line === "") continue;
    const header: unknown = JSON.parse(line);
    const length = property(header, "length");
    const payloadEnd = typeof length === "number" ? at + length : endOfLine(at);
    const payload = body.toString("utf8", at, payloadEnd);
    at = payloadEnd + 1;
    const type = String(property(header, "type"));
    const listed = containers[type];
    const signal = single[type];
    if (listed) {
      for (const entry of elements(JSON.parse(payload), ["items"])) {
        items.push({ signal: listed, name: nameOf(entry, type) });
      }
    } else if (signal) {
      items.push({ signal, name: nameOf(JSON.parse(payload), type) });
    }
  }
  return items;
}

export const sentry: Protocol = {
  name: "sentry",
  env: (url) => ({ SENTRY_DSN: `${url.replace("://", "://public@")}/1` }),
  owns: (request) => request.method === "POST" && /^\/api\/\d+\/envelope\/?$/.test(request.path),
  decode: (request) => envelopeItems(request.body),
  answer: () => jsonAnswer({}),
};
