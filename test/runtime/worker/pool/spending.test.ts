import * as fc from "fast-check";
import type { GenerateResponse } from "../../../../runtime/contract/generate";
import { SpendingBook, usdOf, utcDay } from "../../../../runtime/worker/pool/spending";
import { memorySql } from "../support/sql";

const DAY = "2026-11-21";
const claim = (key: string, overrides: object = {}) => ({ key, day: DAY, limit: 1, estimate: 0.25, ...overrides });

describe("a store's book", () => {
  it("books until the day's budget is reached, and again when jobs cost less than was booked", () => {
    const book = new SpendingBook(memorySql());
    expect([1, 2, 3, 4, 5].map((n) => book.reserve(claim(`job-${n}`)))).toEqual([true, true, true, true, false]);
    book.settle("job-1", 0.05);
    expect(book.spent(DAY)).toBeCloseTo(0.8);
    expect(book.reserve(claim("job-5"))).toBe(true);
    expect(book.reserve(claim("job-6"))).toBe(false);
  });

  it("asks models again the next day, in UTC", () => {
    const book = new SpendingBook(memorySql());
    book.reserve(claim("job-1"));
    book.settle("job-1", 1);
    expect(book.reserve(claim("job-2"))).toBe(false);
    const lastSecond = Date.parse("2026-11-21T23:59:59.999Z");
    expect(book.reserve(claim("job-3", { day: utcDay(lastSecond) }))).toBe(false);
    expect(book.reserve(claim("job-4", { day: utcDay(lastSecond + 1) }))).toBe(true);
    expect([book.spent(DAY), book.spent("2026-11-22")]).toEqual([1, 1]); // booked at what the dearest job cost
  });

  it("books a job once, and settles it once, however often it is said", () => {
    const book = new SpendingBook(memorySql());
    expect([book.reserve(claim("job-1")), book.reserve(claim("job-1"))]).toEqual([true, true]);
    expect(book.spent(DAY)).toBe(0.25);
    book.settle("job-1", 0.1);
    book.settle("job-1", 0.1);
    book.settle("never-booked", 5);
    expect(book.spent(DAY)).toBeCloseTo(0.1);
  });

  it("counts a job that never said what it cost as what was booked", () => {
    const book = new SpendingBook(memorySql());
    for (const key of ["a", "b", "c", "d"]) book.reserve(claim(key));
    expect(book.reserve(claim("e"))).toBe(false);
    expect(book.spent(DAY)).toBe(1);
  });

  it("takes a raised budget at once", () => {
    const book = new SpendingBook(memorySql());
    for (const key of ["a", "b", "c", "d"]) book.reserve(claim(key));
    expect([book.reserve(claim("e")), book.reserve(claim("e", { limit: 2 }))]).toEqual([false, true]);
  });

  it("forgets days after a week", () => {
    const sql = memorySql();
    const book = new SpendingBook(sql);
    book.reserve(claim("old", { day: "2026-11-01" }));
    book.reserve(claim("kept", { day: "2026-11-14" }));
    book.reserve(claim("new"));
    expect([book.spent("2026-11-01"), book.spent("2026-11-14")]).toEqual([0, 0.25]);
  });

  it("never costs more than its budget, one job, and what jobs under way cost beyond what was booked", () => {
    const jobs = fc.array(
      fc.record({ usd: fc.double({ min: 0, max: 0.6, noNaN: true }), settleFirst: fc.nat({ max: 40 }) }),
      {
        maxLength: 120,
      },
    );
    fc.assert(
      fc.property(jobs, (all) => {
        const book = new SpendingBook(memorySql());
        const open: { key: string; usd: number; booked: number }[] = [];
        let [paid, beyond] = [0, 0];
        const settle = (count: number): void => {
          for (const { key, usd, booked } of open.splice(0, count)) {
            book.settle(key, usd);
            paid += usd;
            beyond += Math.max(0, usd - booked);
          }
        };
        for (const [n, { usd, settleFirst }] of all.entries()) {
          const before = book.spent(DAY);
          const taken = book.reserve(claim(`job-${n}`));
          expect(taken).toBe(before < 1);
          if (taken) open.push({ key: `job-${n}`, usd, booked: book.spent(DAY) - before });
          if (open.length >= 40) settle(settleFirst); // ten members with four jobs each
        }
        settle(open.length);
        expect(paid).toBeLessThanOrEqual(1 + 0.6 + beyond + 1e-9);
      }),
    );
  });
});

describe("what a generation cost", () => {
  const meta = (usd: number | null | undefined, prompt: number, completion: number, total = prompt + completion) =>
    ({ usd, tokens_used: { prompt, completion, total } }) as GenerateResponse["meta"];

  it("is what the generator says", () => {
    expect([usdOf(meta(0.0123, 9_999, 9_999)), usdOf(meta(0, 5, 5))]).toEqual([0.0123, 0]);
  });

  it("is taken from the tokens, at a dear price, where no price is known", () => {
    expect(usdOf(meta(null, 1_000_000, 0))).toBe(15);
    expect(usdOf(meta(undefined, 0, 1_000_000))).toBe(75);
    expect(usdOf(meta(null, 0, 0, 1_000_000))).toBe(75); // not told of which kind
    expect(usdOf(meta(null, 0, 0))).toBe(0);
  });
});
