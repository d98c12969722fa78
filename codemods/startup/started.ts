import { composeServicesOf } from "../../src/deployment/compose.js";
import { waitingFor } from "../../src/startup/health.js";
import type { ChainRepair } from "../edit/repair.js";
import { answerProbe } from "./health-check.js";

/**
 * Services wait until a collector has started, not until it is healthy, which it never is: its image holds nothing that could ask.
 * The configuration of one that a probe asks is mended.
 */
export const waitForStart: ChainRepair = (broken, project) => {
  const [, , detail] = broken.names;
  if (detail === "off" || detail === "localhost") return answerProbe(broken, project);
  const services = composeServicesOf(project);
  const collector = services.find(
    ({ of, name }) => of.file === broken.fn.module.file && name === broken.names[0],
  );
  if (!collector) return undefined;
  const edits = waitingFor(collector, services, project).flatMap(({ service, at }) => {
    const written = service.of.text.slice(...at);
    const start = at[0] + written.indexOf("service_healthy");
    return written.includes("service_healthy")
      ? [{ file: service.of.file, start, end: start + "service_healthy".length, text: "service_started" }]
      : [];
  });
  const title = "Wait until the collector has started";
  return edits.length > 0 ? { level: "review", title, edits } : undefined;
};
