/**
 * The files that take a minute start first, so that none of them runs on alone at the end. Jest knows how long each took
 * only where it ran before, and begins with the largest files elsewhere.
 */
const Sequencer = require("@jest/test-sequencer").default;

/** Each deploys again and again, in processes of its own. */
const LONG =
  /test\/(e2e\/lifecycle|bin\/(rollback|kv|drift|fleet)|docs\/guides|ci\/steps|infra\/providers\/(contract|releaseCloud)|e2e\/shopStacks)\.test\.ts$/;

class LongestFirst extends Sequencer {
  sort(tests) {
    const sorted = super.sort(tests); // oxlint-disable-line unicorn/no-array-sort -- jest's own method
    const isLong = ({ path }) => LONG.test(path.replaceAll("\\", "/"));
    return [...sorted.filter(isLong), ...sorted.filter((test) => !isLong(test))];
  }
}

module.exports = LongestFirst;
