import type { Edit } from "../../src/finding.js";
import type { Expr } from "../../src/syntax/ir.js";
import { visibleAt } from "../flush/names.js";
import { fromPackage } from "./package.js";
import type { Scene } from "./scene.js";
import { tellForm } from "./speakers.js";
import type { Spot } from "./tell.js";

/** What an SDK is called at a place that has its hooks: the package as a whole, or the handle that the program has made. */
export function namespaceAt(scene: Scene, spot: Spot): { name: string; edits: Edit[] } | undefined {
  const { project, details } = scene;
  const { source, module, node } = spot;
  for (const [name, bind] of visibleAt(source, module, node)) {
    const id: Expr = { k: "id", name, bind, at: [node.start, node.end] };
    const is = project.values.of(id, module).some((v) => {
      if (v.v !== "sdk") return false;
      if (v.sdk.is === "handle") return v.sdk.cls.vendor === details.vendor && v.sdk.cls.name === "Rollbar";
      return v.sdk.is === "namespace" && v.sdk.vendor === details.vendor && /^(default)?$/.test(v.sdk.path);
    });
    if (is) return { name, edits: [] };
  }
  const far = fromPackage(scene, spot);
  const member = tellForm(scene)?.member;
  if (!far || member === undefined || !far.speaker.callee.endsWith(`.${member}`)) return undefined;
  return { name: far.speaker.callee.slice(0, -member.length - 1), edits: far.edits };
}
