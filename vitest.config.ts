import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["tests/**/*.test.ts"],
    testTimeout: 60_000,
    hookTimeout: 400_000,
    reporters: ["default", "json"],
    // most of the time goes by in waiting for programs that are run, so that two cores do for two files
    maxWorkers: Math.max(2, availableParallelism() - 1),
    outputFile: { json: "node_modules/.cache/vitest-report.json" },
  },
});
