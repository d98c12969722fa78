import type { Value } from "../../src/facts/value.js";
import { openPage } from "../ending/page.js";
import { best, candidatesOf } from "../flush/candidates.js";
import { keepDropped } from "../graceful/keep.js";
import type { Far } from "./package.js";
import type { Scene } from "./scene.js";
import { speakersOf } from "./speakers.js";
import type { Spot } from "./tell.js";

/** A handle that the file makes and drops gets a name, so that it can be told and flushed. */
export function fromDropped(scene: Scene, { module }: Spot): Far | undefined {
  const { project, lost } = scene;
  const { start } = lost;
  const value = start?.value;
  if (!start?.call || start.fn.module !== module || value?.v !== "sdk" || value.sdk.is !== "class")
    return undefined;
  const page = openPage(project, module.file);
  const made = page?.callAt(start.call.at);
  const isDropped = made && page?.parentOf(made)?.type === "ExpressionStatement";
  const { cls } = value.sdk;
  const kept = page && isDropped ? keepDropped(page, made, cls, module) : undefined;
  if (!page || !kept) return undefined;
  const handle: Value = { v: "sdk", sdk: { is: "handle", cls } };
  const [speaker] = speakersOf(scene, kept.text, handle, kept.optional);
  if (!speaker) return undefined;
  const search = {
    project,
    source: page,
    vendor: lost.vendor,
    started: new Set([cls.pkg]),
    reach: new Set(lost.run.files),
  };
  const flush = best(candidatesOf(search, kept.text, handle, kept.optional))?.awaited;
  return { speaker, edits: kept.edits, ...(flush === undefined ? {} : { flush }) };
}
