/** Web frameworks, and where they tell of the failure of a route. */
import type { RunnerFacts } from "../schema.js";

export const web: RunnerFacts[] = [];
