/**
 * Jest reporter of `npm test`: a line a file while it runs, every failure whole, at once and once more at the end, where
 * who reads only the end of a long log finds it; every skipped test with its reason, and the totals in a JSON file for the
 * runner, with those of each file that failed. A suite that could not be loaded counts as a failed test.
 */
const fs = require("node:fs");
const path = require("node:path");

class TotalsReporter {
  constructor(globalConfig) {
    this.root = globalConfig.rootDir;
    this.file = process.env.WANDSTORE_TEST_TOTALS;
    this.done = 0;
    this.failures = [];
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
    if (failed) {
      const message = result.failureMessage ?? "it failed without a word";
      console.log(message);
      this.failures.push({ file, message, ...countsOf(result) });
    }
    for (const item of result.testResults) {
      if (item.status === "pending" || item.status === "todo") console.log(`    skipped: ${item.fullName}`);
    }
  }

  onRunComplete(_contexts, results) {
    for (const { file, message } of this.failures) console.log(`failed: ${file}\n${message}`);
    if (!this.file) return;
    const totals = { passed: 0, failed: 0, skipped: 0 };
    for (const result of results.testResults) {
      const counts = countsOf(result);
      for (const key of Object.keys(totals)) totals[key] += counts[key];
    }
    const failedFiles = this.failures.map(({ file, passed, failed, skipped }) => ({ file, passed, failed, skipped }));
    fs.writeFileSync(this.file, JSON.stringify({ ...totals, failedFiles }));
  }
}

function countsOf(result) {
  const broken = result.testExecError !== undefined && result.numFailingTests === 0 ? 1 : 0;
  return {
    passed: result.numPassingTests,
    failed: result.numFailingTests + broken,
    skipped: result.numPendingTests + result.numTodoTests,
  };
}

module.exports = TotalsReporter;
