import { packageSettings } from "../../src/package-settings.js";
import { Workspace } from "../../src/workspace.js";

/** Opens a program as every host does: with what its manifest says in the block `telemetry-fix`. */
export const openAsHosts = (root: string): Workspace =>
  Workspace.open({ root, cacheDir: false, ...packageSettings(root) });
