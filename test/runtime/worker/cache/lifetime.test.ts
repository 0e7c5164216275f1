import * as fc from "fast-check";
import { ageOf, expirationTtl } from "../../../../runtime/worker/cache/lifetime";
import { retryDelay } from "../../../../runtime/worker/pool/backoff";

const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

describe("expirationTtl", () => {
  it("stays within a tenth of the lifetime and never below what KV takes", () => {
    fc.assert(
      fc.property(fc.integer({ min: 60, max: 86_400 }), random, (ttl, by) => {
        const seconds = expirationTtl({ ttl, durable: true }, by);
        expect(Number.isInteger(seconds)).toBe(true);
        expect(seconds).toBeGreaterThanOrEqual(Math.max(60, Math.floor(0.9 * ttl)));
        expect(seconds).toBeLessThanOrEqual(Math.ceil(1.1 * ttl));
      }),
    );
  });

  // With jitter, a stand-in for a model's page was kept for up to 66 s.
  it("never keeps a stand-in beyond its minute", () => {
    fc.assert(fc.property(random, (by) => expect(expirationTtl({ ttl: 60, durable: false }, by)).toBe(60)));
  });
});

describe("ageOf", () => {
  const made = "2026-11-21T10:00:00.000Z";
  const lifetime = { ttl: 60, stale: 30, durable: true };
  it.each([
    [0, "fresh"],
    [60, "fresh"],
    [60.001, "stale"],
    [90, "stale"],
    [90.001, "gone"],
  ])("after %d s is %s", (seconds, age) => {
    expect(ageOf(made, lifetime, Date.parse(made) + seconds * 1000)).toBe(age);
  });
});

describe("retryDelay", () => {
  it("is spread over all of a span that doubles up to ten seconds", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 12 }), random, (attempt, by) => {
        const longest = Math.min(10_000, 1000 * 2 ** (attempt - 1));
        expect(retryDelay(attempt, by)).toBeGreaterThanOrEqual(0);
        expect(retryDelay(attempt, by)).toBeLessThanOrEqual(longest);
      }),
    );
    expect([retryDelay(1, 0.5), retryDelay(3, 0.5), retryDelay(9, 0.5)]).toEqual([500, 2000, 5000]);
  });
});
