import * as fc from "fast-check";
import { retryDelay } from "../../../../runtime/worker/pool/backoff";
import { Refusals } from "../../../../runtime/worker/pool/refusals";
import { restAfter } from "../../../../runtime/worker/pool/rest";
import {
  expectedWaitMs,
  refusedForMs,
  retryAfterSeconds,
  type Line,
  type LineLimits,
} from "../../../../runtime/worker/pool/waiting";

const limits: LineLimits = { concurrency: 4, maxDepth: 100, longestWaitMs: 60_000 };
const line = (overrides: Partial<Line>): Line => ({ depth: 0, runningMs: [], meanRunMs: 5_000, ...overrides });

describe("a member's line", () => {
  it.each([
    [0, 0],
    [3, 0], // one place is free
    [4, 1_250], // all run: the next end of four jobs of 5 s is 1.25 s away, on average
    [23, 25_000],
  ])("of %d jobs means a wait of %d ms", (depth, ms) => {
    expect(expectedWaitMs(line({ depth }), limits)).toBe(ms);
  });

  it("takes the last job that fits, and refuses the next until a running one has ended", () => {
    const one = { ...limits, concurrency: 1, maxDepth: 2 };
    expect(refusedForMs(line({ depth: 1, runningMs: [1_000] }), one)).toBeUndefined();
    expect(refusedForMs(line({ depth: 2, runningMs: [1_000] }), one)).toBe(4_000);
    expect(refusedForMs(line({ depth: 2, runningMs: [1_000, 3_500] }), one)).toBe(1_500);
    expect(refusedForMs(line({ depth: 2, runningMs: [7_000] }), one)).toBe(0); // overdue: at any moment
    expect(refusedForMs(line({ depth: 2, runningMs: [] }), one)).toBe(5_000); // all wait for their next attempt
    expect(refusedForMs(line({ depth: 4, runningMs: [5_000] }), one)).toBe(10_000); // the limit was lowered
  });

  it("refuses a wait of more than a minute until it is a minute", () => {
    const one = { ...limits, concurrency: 1 };
    expect(refusedForMs(line({ depth: 12 }), one)).toBeUndefined(); // 60 s
    expect(refusedForMs(line({ depth: 13 }), one)).toBe(5_000);
    expect(refusedForMs(line({ depth: 13, meanRunMs: 100 }), one)).toBeUndefined();
    expect(refusedForMs(line({ depth: 13, runningMs: [0] }), { ...one, maxDepth: 13 })).toBe(5_000);
  });

  it("is said in whole seconds, at least one", () => {
    expect([0, 1, 1_000, 1_001, 59_400].map(retryAfterSeconds)).toEqual([1, 1, 1, 2, 60]);
  });

  it("has room again when the time that it named is over and jobs took as long as measured", () => {
    const lines = fc.record({
      depth: fc.integer({ min: 1, max: 200 }),
      meanRunMs: fc.integer({ min: 1, max: 60_000 }),
    });
    fc.assert(
      fc.property(lines, fc.integer({ min: 1, max: 8 }), (one, concurrency) => {
        const these = { ...limits, concurrency };
        const runningMs = Array.from({ length: Math.min(concurrency, one.depth) }, () => 0);
        const ms = refusedForMs(line({ ...one, runningMs }), these);
        if (ms === undefined) return;
        // Ends come one after another, evenly, and the named time is rounded up to whole seconds.
        const ended = Math.floor((retryAfterSeconds(ms) * 1000 * concurrency) / one.meanRunMs);
        const later = line({ ...one, depth: one.depth - ended, runningMs });
        expect(later.depth).toBeLessThanOrEqual(these.maxDepth);
        expect(expectedWaitMs(later, these)).toBeLessThanOrEqual(these.longestWaitMs + one.meanRunMs);
      }),
    );
  });
});

describe("a refusal", () => {
  it("stands for as long as it said, for that variant alone", () => {
    const refusals = new Refusals();
    refusals.add("a", 5_000);
    expect([refusals.left("a", 1_000), refusals.left("b", 1_000)]).toEqual([4_000, undefined]);
    expect([refusals.left("a", 5_000), refusals.left("a", 1_000)]).toEqual([undefined, undefined]);
  });

  it("is forgotten when there are very many newer ones", () => {
    const refusals = new Refusals();
    for (let n = 0; n <= 1_000; n++) refusals.add(`v${n}`, 5_000);
    expect([refusals.left("v0", 0), refusals.left("v1", 0)]).toEqual([undefined, 5_000]);
  });
});

describe("the pause before another attempt", () => {
  it("is anything up to a second, then two, and never more than ten", () => {
    expect([1, 2, 3, 4, 5, 9].map((attempt) => retryDelay(attempt, 1))).toEqual([
      1_000, 2_000, 4_000, 8_000, 10_000, 10_000,
    ]);
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 20 }), fc.double({ min: 0, max: 1, noNaN: true }), (attempt, random) => {
        const ms = retryDelay(attempt, random);
        expect(ms).toBeGreaterThanOrEqual(0);
        expect(ms).toBeLessThanOrEqual(10_000);
        expect(ms).toBe(Math.round(random * retryDelay(attempt, 1)));
      }),
    );
  });
});

describe("a variant after its page", () => {
  const noon = Date.parse("2026-11-21T12:00:00Z");
  const late = Date.parse("2026-11-21T23:50:00Z");

  it("rests a quarter of an hour when the budget is spent, and not into the next day", () => {
    expect(restAfter("budget", true, noon)).toBe(noon + 15 * 60_000);
    expect(restAfter("budget", true, late)).toBe(Date.parse("2026-11-22T00:00:00Z"));
  });

  it("rests a minute when a better page was kept, and not at all after a page of its own", () => {
    expect([restAfter("model", false, noon), restAfter("model", true, noon), restAfter(null, true, noon)]).toEqual([
      noon + 60_000,
      0,
      0,
    ]);
  });
});
