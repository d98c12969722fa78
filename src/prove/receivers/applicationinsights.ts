import { firstText, property } from "./json.js";
import { jsonAnswer, type Item, type Protocol, type Signal } from "./protocol.js";

/** What an envelope's `data.baseType` stands for (Application Insights schema, version 2). */
const baseTypes: Record<string, Signal> = {
  ExceptionData: "exceptions",
  EventData: "events",
  PageViewData: "events",
  AvailabilityData: "events",
  MessageData: "logRecords",
  RequestData: "spans",
  RemoteDependencyData: "spans",
  MetricData: "metricPoints",
};

function itemOf(envelope: unknown): Item | undefined {
  const data = property(envelope, "data");
  const type = String(property(data, "baseType"));
  const signal = baseTypes[type];
  if (!signal) return undefined;
  const base = property(data, "baseData");
  const [exception] = [property(base, "exceptions")].flat();
  const [metric] = [property(base, "metrics")].flat();
  return {
    signal,
    name: firstText(
      [
        property(exception, "message"),
        property(metric, "name"),
        property(base, "name"),
        property(base, "message"),
      ],
      `(${type})`,
    ),
  };
}

/** The ingestion endpoint of Application Insights: `POST /v2.1/track` (or `/v2/track`), one JSON envelope per line or an array of them. */
export const applicationInsights: Protocol = {
  name: "applicationinsights",
  env: (url) => ({
    APPLICATIONINSIGHTS_CONNECTION_STRING: `InstrumentationKey=00000000-0000-0000-0000-000000000001;IngestionEndpoint=${url}/;LiveEndpoint=${url}/`,
    // Statsbeat reports the SDK's own health to a server of the vendor.
    APPLICATION_INSIGHTS_NO_STATSBEAT: "true",
    APPLICATIONINSIGHTS_STATSBEAT_DISABLED_ALL: "true",
  }),
  owns: (request) => request.method === "POST" && /^\/v2(\.1)?\/track\/?$/.test(request.path),
  decode(request) {
    const body = request.body.toString("utf8").trim();
    const envelopes: unknown[] = body.startsWith("[")
      ? JSON.parse(body)
      : body
          .split("\n")
          .filter((line) => line.trim() !== "")
          .map((line): unknown => JSON.parse(line));
    return envelopes.flatMap((envelope) => itemOf(envelope) ?? []);
  },
  answer: (_request, items) =>
    jsonAnswer({ itemsReceived: items.length, itemsAccepted: items.length, errors: [] }),
};
