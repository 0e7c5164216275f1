/**
 * Jest reporter of `npm test`: a line a file while it runs, every failure whole, every skipped test with its reason,
 * and the totals in a JSON file for the runner. A suite that could not be loaded counts as a failed test.
 */
const fs = require("node:fs");
const path = require("node:path");

class TotalsReporter {
  constructor(globalConfig) {
    this.root = globalConfig.rootDir;
    this.file = process.env.WANDSTORE_TEST_TOTALS;
    this.done = 0;
  }

  onRunStart(results) {
    this.total = results.numTotalTestSuites;
  }

  onTestResult(test, result) {
    this.done += 1;
    const file = path.relative(this.root, test.path);
    const failed = result.numFailingTests > 0 || result.testExecError !== undefined;
    const seconds = ((result.perfStats.end - result.perfStats.start) / 1000).toFixed(1);
    const counts =
      `${result.numPassingTests} passed` + (result.numFailingTests > 0 ? `, ${result.numFailingTests} failed` : "");
    console.log(`  ${failed ? "✗" : "✓"} [${this.done}/${this.total}] ${file} (${counts}, ${seconds} s)`);
    if (failed && result.failureMessage) console.log(result.failureMessage);
    for (const item of result.testResults) {
      if (item.status === "pending" || item.status === "todo") console.log(`    skipped: ${item.fullName}`);
    }
  }

  onRunComplete(_contexts, results) {
    const broken = results.testResults.filter((r) => r.testExecError !== undefined && r.numFailingTests === 0).length;
    if (!this.file) return;
    fs.writeFileSync(
      this.file,
      JSON.stringify({
        passed: results.numPassedTests,
        failed: results.numFailedTests + broken,
        skipped: results.numPendingTests + results.numTodoTests,
      }),
    );
  }
}

module.exports = TotalsReporter;
