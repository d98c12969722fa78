/** All tables in one place. */
import type { Vendor } from "./schema.js";
import { applicationInsights } from "./vendors/application-insights.js";
import { azureMonitor } from "./vendors/azure-monitor.js";
import { opentelemetry } from "./vendors/opentelemetry.js";
import { posthog } from "./vendors/posthog.js";
import { segment } from "./vendors/segment.js";
import { sentry } from "./vendors/sentry.js";

export { exits } from "./exits.js";
export { lifecycleHooks, owners } from "./owners.js";
export * from "./process.js";

export const vendors: Vendor[] = [opentelemetry, sentry, posthog, segment, applicationInsights, azureMonitor];

/** Every module specifier behind which there is telemetry; one that ends in `/*` stands for all below it. */
export const telemetrySpecifiers: string[] = vendors.flatMap((vendor) =>
  vendor.packages.flatMap((facts) => facts.specifiers),
);
