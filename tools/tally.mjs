// Prints one line, `N passed, N failed`, from the JSON report of the last test run. No report counts as one failure.
import { readFileSync } from "node:fs";

const report = new URL("../node_modules/.cache/vitest-report.json", import.meta.url);
let line = "0 passed, 1 failed";
try {
  const { numPassedTests, numFailedTests, numFailedTestSuites, success } = JSON.parse(
    readFileSync(report, "utf8"),
  );
  // A file that cannot be loaded has no tests to count, and still fails the run.
  const failed = numFailedTests || (success ? 0 : Math.max(1, numFailedTestSuites));
  line = `${numPassedTests} passed, ${failed} failed`;
} catch {
  // The run ended before it came to its tests.
}
console.log(line);
