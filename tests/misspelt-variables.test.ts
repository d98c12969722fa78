import { describe, expect, it } from "vitest";
import { knownVariables } from "../src/knowledge/otel-variable-names.js";
import { misspelled } from "../src/knowledge/otel-variables.js";
import { nearestName } from "../src/processors/misspelt.js";

describe("names of variables that are nearly known", () => {
  it.each([
    ["OTEL_EXPORTER_OTLP_ENDPONT", "OTEL_EXPORTER_OTLP_ENDPOINT"],
    ["OTEL_SERVICE_NAMME", "OTEL_SERVICE_NAME"],
    ["OTEL_TRACES_EXPROTER", "OTEL_TRACES_EXPORTER"],
    ["OTEL_RESOURCE_ATRIBUTES", "OTEL_RESOURCE_ATTRIBUTES"],
    ["OTEL_BSP_MAX_EXPORT_BACTH_SZIE", "OTEL_BSP_MAX_EXPORT_BATCH_SIZE"],
  ])("%s is meant to be %s", (name, meant) => {
    expect(nearestName(name)).toBe(meant);
  });

  it.each([
    "OTEL_SERVICE_NAME_2",
    "OTEL_SERVICE_NAME2",
    "OTEL_SERVICE_VERSION",
    "OTEL_ENABLED",
    "OTEL_EXPORTER_OTLP_URL",
    "OTEL_EXPORTER_OTLP_PORT",
    "OTEL_TRACES_ENABLED",
    "OTEL_PYTHON_LOG_LEVEL",
    "OTEL_LOG",
  ])("%s is somebody's own", (name) => {
    expect(nearestName(name)).toBeUndefined();
  });

  it("leaves every known name alone", () => {
    expect(knownVariables.filter((name) => nearestName(name) !== undefined)).toEqual([]);
    const taken = knownVariables.filter((name) => misspelled.some(({ wrong }) => wrong.test(name)));
    expect(taken).toEqual([]);
  });
});
