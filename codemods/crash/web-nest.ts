import { importEdits } from "../edit/imports.js";
import { takenNames } from "../flush/names.js";
import { asksFor } from "./package.js";
import type { Scene } from "./scene.js";
import type { App } from "./web-app.js";
import type { HookStatement } from "./web-vendors.js";

const FILTER = "SentryGlobalFilter";
const SETUP = "@sentry/nestjs/setup";

/**
 * The filter of `@sentry/nestjs`, which captures what is no `HttpException` and lets Nest answer (run with 8.55.2 and Nest 10);
 * undefined where the package of the file does not ask for it.
 */
export function nestHook({ project, details }: Scene, { source, name }: App): HookStatement | undefined {
  const json = project.index.packageOf(source.file)?.json;
  const asked = json?.dependencies?.["@sentry/nestjs"] !== undefined && asksFor(project, source.file, SETUP);
  if (details.runner !== "Nest application" || !asked || takenNames(source).has(FILTER)) return undefined;
  const wanted = { name: FILTER, local: FILTER, specifier: SETUP };
  const edits = importEdits(source, wanted, (s) => s === SETUP);
  return edits && { statement: `${name}.useGlobalFilters(new ${FILTER}(${name}.getHttpAdapter()))`, edits };
}
