import { DatabaseSync } from "node:sqlite";
import * as fc from "fast-check";
import { createLog } from "../../../../runtime/worker/log";
import { Judge, judgeableAt, type JudgeContext } from "../../../../runtime/worker/metrics/alerts/judge";
import { runbookOf, type Notice } from "../../../../runtime/worker/metrics/alerts/notice";
import { Outbox } from "../../../../runtime/worker/metrics/alerts/outbox";
import { RULES } from "../../../../runtime/worker/metrics/alerts/rules";
import { QUIET, step, type AlertState } from "../../../../runtime/worker/metrics/alerts/step";
import type { Thresholds } from "../../../../runtime/worker/metrics/alerts/thresholds";
import { FigureStore } from "../../../../runtime/worker/metrics/figures";
import { keyOf, observation, type Counts } from "../../../../runtime/worker/metrics/series";
import { sqlOf } from "../support/sql";

const THRESHOLDS: Thresholds = {
  cacheHitPercent: 70,
  generationP95Seconds: 15,
  coldStartSeconds: 10,
  modelErrorPercent: 5,
  monthlyUsd: 3000,
};

const ruleOf = (name: string) => RULES.find((rule) => rule.name === name)!;
const pages = (source: string, visitor: string, by: number): Counts => ({
  [keyOf({ metric: "pages_total", labels: { store: "a", source, visitor } })]: by,
});
const calls = (outcome: string, by: number): Counts => ({
  [keyOf({ metric: "model_calls_total", labels: { model: "m", outcome } })]: by,
});
const seconds = (metric: "generation_seconds" | "cold_start_seconds", values: number[]): Counts => {
  const counts: Counts = {};
  for (const value of values) {
    for (const [key, by] of observation(metric, { source: "model" }, value)) counts[key] = (counts[key] ?? 0) + by;
  }
  return counts;
};
const many = (times: number, value: number): number[] => Array.from({ length: times }, () => value);

describe("a rule", () => {
  test.each<[string, string, Counts, number, number]>([
    [
      "cache-hit-ratio",
      "counts what a stored page answered, whichever tier had it, and nobody who could have none",
      {
        ...pages("kv", "known", 50),
        ...pages("rerendered", "known", 10),
        ...pages("fallback", "known", 40),
        ...pages("fallback", "new", 900),
      },
      60,
      100,
    ],
    [
      "model-errors",
      "counts a call that the breaker held back as one that failed",
      { ...calls("ok", 90), ...calls("TIMEOUT", 6), ...calls("BREAKER_OPEN", 4) },
      10,
      100,
    ],
    [
      "projected-cost",
      "takes thirty days like the last one",
      { ...calls("ok", 40), [keyOf({ metric: "model_usd_total", labels: { store: "a", model: "m" } })]: 120 },
      3600,
      40,
    ],
    ["cold-start", "is that of 95 % of the starts", seconds("cold_start_seconds", many(40, 10)), 9.875, 40],
  ])("%s %s", (name, _, figures, value, samples) => {
    const measured = ruleOf(name).measure(figures);
    expect(measured.value).toBeCloseTo(value, 3);
    expect(measured.samples).toBe(samples);
  });

  test.each([
    [many(100, 14), false],
    [[...many(96, 1), ...many(4, 60)], false], // 4 % are slow
    [[...many(90, 1), ...many(10, 60)], true],
  ])("generation-time is of the slowest twentieth (case %#)", (values, beyond) => {
    expect(ruleOf("generation-time").measure(seconds("generation_seconds", values)).value > 15).toBe(beyond);
  });

  test.each(RULES.map((rule) => [rule.name, rule] as const))("%s finds nothing in nothing", (_, rule) => {
    const { value, samples } = rule.measure({});
    expect(samples).toBe(0);
    expect(step(rule, 1, QUIET, { value, samples }, 1).next.state).toBe("ok");
  });
});

describe("an alert", () => {
  const rule = { side: "above", end: (threshold: number) => threshold - 2, holds: 5, least: 10 } as const;
  const run = (values: readonly (readonly [value: number, samples: number])[], threshold: number | undefined = 10) => {
    let state: AlertState = QUIET;
    return values.map(([value, samples], minute) => {
      const { next, event } = step(rule, threshold, state, { value, samples }, 100 + minute);
      state = next;
      return event?.status ?? next.state;
    });
  };
  const times = (n: number, value: number, samples = 50) => Array.from({ length: n }, () => [value, samples] as const);

  it("fires when it has held for its time, once", () => {
    expect(run(times(7, 11))).toEqual(["pending", "pending", "pending", "pending", "firing", "firing", "firing"]);
  });

  it("does not fire when it let go for a minute, at the threshold, or for a few samples", () => {
    const around = run([...times(4, 11), ...times(1, 10), ...times(4, 11)]);
    expect(around).not.toContain("firing");
    expect(new Set(run(times(20, 10)))).toEqual(new Set(["ok"]));
    expect(new Set(run(times(20, 99, 9)))).toEqual(new Set(["ok"]));
  });

  it("goes on in the gap between threshold and end, and ends when it was over for its time", () => {
    const told = run([...times(5, 11), ...times(20, 9), ...times(4, 8), ...times(1, 9), ...times(6, 8)]);
    expect(told.slice(5, 34)).toEqual(Array.from({ length: 29 }, () => "firing"));
    expect(told.slice(34)).toEqual(["resolved", "ok"].slice(0, told.length - 34));
  });

  it("ends when there is nothing to judge by any more", () => {
    expect(run([...times(5, 11), ...times(5, 11, 0)]).at(-1)).toBe("resolved");
  });

  it("ends at once when the stack no longer asks for it", () => {
    const firing: AlertState = { state: "firing", since: 1, overSince: null, value: 11, samples: 50 };
    expect(step(rule, undefined, firing, { value: 11, samples: 50 }, 9).event).toEqual({
      status: "resolved",
      reason: "switched_off",
    });
  });

  it("tells beginning and end by turns, whatever the values", () => {
    const values = fc.array(fc.tuple(fc.double({ min: 0, max: 20 }), fc.nat({ max: 20 })), { maxLength: 200 });
    fc.assert(
      fc.property(values, (list) => {
        const states = run(list);
        let firing = false;
        for (const state of states) {
          if (state === "resolved") {
            expect(firing).toBe(true);
            firing = false;
          } else {
            // Between a beginning and its end there is nothing but firing.
            expect(firing && state !== "firing").toBe(false);
            firing = state === "firing";
          }
        }
      }),
    );
  });
});

describe("the judge", () => {
  const context = (more: Partial<JudgeContext> = {}): JudgeContext => ({
    thresholds: THRESHOLDS,
    environment: "test",
    buildId: "b",
    hasReceiver: true,
    log: { ...createLog({}), warn: () => undefined },
    ...more,
  });
  /** A desk on one database, which a second one can open again. */
  const desk = (db = new DatabaseSync(":memory:")) => {
    const sql = sqlOf(db);
    const figures = new FigureStore(sql);
    const outbox = new Outbox(sql);
    const judge = new Judge(sql, (from, to) => figures.totals(from, to), outbox);
    const notices = () =>
      (db.prepare("SELECT body FROM notices ORDER BY seq").all() as { body: string }[]).map(
        ({ body }) => JSON.parse(body) as Notice,
      );
    return { db, figures, judge, notices };
  };
  const START = 30_000_000;
  const failing = { ...calls("ok", 10), ...calls("TIMEOUT", 20) };

  it("makes minutes good that nobody asked for, and judges none twice", () => {
    const { figures, judge, notices } = desk();
    figures.add(failing, {}, START);
    judge.judge(judgeableAt(START + 10), context());
    expect(judge.judgedMinute()).toBe(START + 10);
    expect(notices()).toMatchObject([{ status: "firing", alert: "model-errors", value: 66.67, samples: 30 }]);
    for (let again = 0; again < 5; again++) judge.judge(judgeableAt(START + 10), context());
    expect(notices()).toHaveLength(1);
  });

  it("judges no minute whose figures may still come", () => {
    const { figures, judge } = desk();
    figures.add(failing, {}, START);
    judge.judge(judgeableAt(START) - 1, context());
    expect(judge.judgedMinute()).toBe(START - 1);
    judge.judge(judgeableAt(START), context());
    expect(judge.judgedMinute()).toBe(START);
  });

  it("goes on where another left off", () => {
    const first = desk();
    first.figures.add(failing, {}, START);
    first.judge.judge(judgeableAt(START + 2), context());
    expect(first.judge.states()["model-errors"]?.state).toBe("pending");
    const second = desk(first.db);
    second.judge.judge(judgeableAt(START + 4), context());
    expect(second.notices()).toMatchObject([{ status: "firing", since: new Date(START * 60_000).toISOString() }]);
    const third = desk(first.db);
    third.judge.judge(judgeableAt(START + 40), context());
    expect(third.notices()).toMatchObject([
      { status: "firing" },
      { status: "resolved", reason: "too_few_samples", value: null },
    ]);
    expect(third.notices()[1]?.dedup_key).toBe(third.notices()[0]?.dedup_key);
    expect(third.judge.nextAt()).toBeUndefined();
  });

  it("asks for its next minute only while something is on its way", () => {
    const { figures, judge } = desk();
    figures.add(calls("ok", 100), {}, START);
    judge.judge(judgeableAt(START + 1), context());
    expect(judge.nextAt()).toBeUndefined();
    figures.add(failing, {}, START + 2);
    figures.add(failing, {}, START + 2);
    judge.judge(judgeableAt(START + 2), context());
    expect(judge.nextAt()).toBe(judgeableAt(START + 3));
  });

  it("tells a receiver that comes later of what still fires, and of no end whose beginning it was not told", () => {
    const { figures, judge, notices } = desk();
    figures.add(failing, {}, START);
    judge.judge(judgeableAt(START + 6), context({ hasReceiver: false }));
    expect(notices()).toEqual([]);
    judge.judge(judgeableAt(START + 7), context());
    expect(notices()).toMatchObject([{ status: "firing" }]);

    const other = desk();
    other.figures.add(failing, {}, START);
    other.judge.judge(judgeableAt(START + 6), context({ hasReceiver: false }));
    other.judge.judge(judgeableAt(START + 40), context({ hasReceiver: false }));
    other.judge.judge(judgeableAt(START + 41), context());
    expect(other.notices()).toEqual([]);
  });

  it("judges a day's cost, and not without a budget", () => {
    const dear = {
      ...calls("ok", 100),
      [keyOf({ metric: "model_usd_total", labels: { store: "a", model: "m" } })]: 101,
    };
    const run = (thresholds: Thresholds) => {
      const { figures, judge, notices } = desk();
      figures.add(dear, {}, START);
      judge.judge(judgeableAt(START + 50), context({ thresholds }));
      return notices();
    };
    expect(run(THRESHOLDS)).toMatchObject([
      { alert: "projected-cost", value: 3030, threshold: 3000, unit: "USD", window_seconds: 86_400 },
    ]);
    const { monthlyUsd: _, ...without } = THRESHOLDS;
    expect(run(without)).toEqual([]);
  });
});

test.each<[string, Partial<Thresholds>, Partial<Thresholds>]>([
  ["model-errors", { modelErrorPercent: 100 }, { modelErrorPercent: 99.9 }],
  ["cache-hit-ratio", { cacheHitPercent: 0 }, { cacheHitPercent: 0.1 }],
])("%s is switched off by the setting that stands for never, and by none beside it", (name, never, hardly) => {
  expect(ruleOf(name).threshold({ ...THRESHOLDS, ...never })).toBeUndefined();
  expect(ruleOf(name).threshold({ ...THRESHOLDS, ...hardly })).toBe(Object.values(hardly)[0]);
});

test.each([
  [undefined, "docs/runbooks/cold-start.md"],
  ["https://wiki.example/runbooks/", "https://wiki.example/runbooks/cold-start"],
  ["https://wiki.example/runbooks", "https://wiki.example/runbooks#cold-start"],
  ["https://wiki.example/runbooks.md#", "https://wiki.example/runbooks.md#cold-start"],
])("with runbookUrl %s the runbook is %s", (base, expected) => {
  expect(runbookOf("cold-start", base)).toBe(expected);
});
