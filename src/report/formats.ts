import { json } from "./json.js";
import type { Format } from "./report.js";
import { stylish } from "./stylish.js";

/** Every report format by the name that `--format` takes. */
export const formats = { stylish, json } satisfies Record<string, Format>;

/** A name that `--format` takes. */
export type FormatName = keyof typeof formats;
