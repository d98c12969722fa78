#!/usr/bin/env node
import type { OpenAnalyser } from "./analyser.js";
import { processHost } from "./host.js";
import { main } from "./main.js";

const openAnalyser: OpenAnalyser = async (options) => {
  const { Workspace } = await import("../workspace.js");
  return Workspace.open(options);
};

process.exitCode = await main(process.argv.slice(2), processHost(openAnalyser));
