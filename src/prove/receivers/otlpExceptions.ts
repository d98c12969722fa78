/**
 * Exceptions within OTLP telemetry: an event `exception` of a span (semantic conventions, "Exceptions on spans"), or a log record
 * with attributes `exception.*` ("Exceptions in logs"). Field numbers: `trace/v1/trace.proto`, `logs/v1/logs.proto`.
 */
import { elements, property } from "./json.js";
import { nested, text } from "./protobuf.js";
import type { Item } from "./protocol.js";

type Attributes = Map<string, string>;

/** The exceptions recorded on an encoded span. */
export function onSpan(span: Uint8Array): Item[] {
  return nested(span, [11])
    .filter((event) => text(event, [2]) === "exception")
    .map((event) => itemOf(decoded(event, 3)));
}

/** The exception that an encoded log record carries, if it does. */
export function inLog(log: Uint8Array): Item[] {
  return ifAny(decoded(log, 6));
}

/** The exceptions recorded on a span in its JSON form. */
export function onJsonSpan(span: unknown): Item[] {
  return elements(span, ["events"])
    .filter((event) => property(event, "name") === "exception")
    .map((event) => itemOf(parsed(event)));
}

/** The exception that a log record in its JSON form carries, if it does. */
export function inJsonLog(log: unknown): Item[] {
  return ifAny(parsed(log));
}

function ifAny(attributes: Attributes): Item[] {
  return attributes.has("exception.message") || attributes.has("exception.type") ? [itemOf(attributes)] : [];
}

function itemOf(attributes: Attributes): Item {
  const name = attributes.get("exception.message") || attributes.get("exception.type") || "(exception)";
  return { signal: "exceptions", name, inside: true };
}

function decoded(message: Uint8Array, field: number): Attributes {
  return new Map(nested(message, [field]).map((pair) => [text(pair, [1]) ?? "", text(pair, [2, 1]) ?? ""]));
}

function parsed(value: unknown): Attributes {
  return new Map(
    elements(value, ["attributes"]).map((pair) => [
      String(property(pair, "key")),
      String(property(property(pair, "value"), "stringValue") ?? ""),
    ]),
  );
}
