import * as fc from "fast-check";
import { parseShare, wavesOf } from "../../../../infra/fleet/run/waves";
import { pastOf } from "../../../../infra/fleet/run/past";
import type { JournalRecord } from "../../../../infra/fleet/run/records";
import { BUILD, beginOf, changed, JournalDouble, refused, sceneOf, type Scene } from "./double";

const FATES = ["well", "well", "well", "unchanged", "refused", "silent"] as const;
type Fate = (typeof FATES)[number];

/** A fleet, what becomes of each shop, and after how many begun shops somebody stops the run. */
const fleets = fc.record({
  fates: fc.array(fc.constantFrom(...FATES), { minLength: 1, maxLength: 14 }),
  wave: fc.integer({ min: 1, max: 6 }),
  parallel: fc.integer({ min: 1, max: 5 }),
  maxFailures: fc.integer({ min: 0, max: 4 }),
  shareImage: fc.boolean(),
  stopAfter: fc.option(fc.integer({ min: 1, max: 14 }), { nil: undefined }),
});
type Fleet = typeof fleets extends fc.Arbitrary<infer T> ? T : never;

const nameOf = (at: number): string => `s${String(at).padStart(2, "0")}`;
const fateOf = (fates: readonly Fate[], stack: string): Fate => fates[Number(stack.slice(1))]!;

function prepare({ fates, wave, parallel, maxFailures, shareImage, stopAfter }: Fleet, journal?: JournalDouble): Scene {
  const waves = wavesOf(
    fates.map((_, at) => nameOf(at)),
    { count: wave },
  );
  const scene = sceneOf(waves, { parallel, maxFailures, shareImage }, journal);
  scene.engine.outcome = (stack) => {
    const fate = fateOf(fates, stack);
    if (fate === "refused") return refused("refused");
    return fate === "unchanged" ? { ...changed(stack), summary: { same: 9 } } : changed(stack);
  };
  scene.engine.answers = (stack) => ({ status: 200, builds: [fateOf(fates, stack) === "silent" ? "b1" : BUILD] });
  scene.engine.during = () => {
    if (upsOf(scene).length === stopAfter) scene.stop.abort();
  };
  return scene;
}

const upsOf = ({ engine }: Scene): string[] =>
  engine.log.filter((line) => line.startsWith("up ")).map((line) => line.slice(3));

test("every shop ends in one state, which is that of its fate, and never more than allowed are under way", async () => {
  await fc.assert(
    fc.asyncProperty(fleets, async (fleet) => {
      const scene = prepare(fleet);
      const report = await scene.run();
      expect(report.shops.map(({ stack }) => stack)).toEqual(fleet.fates.map((_, at) => nameOf(at)));
      expect(scene.engine.most).toBeLessThanOrEqual(fleet.parallel);
      const ups = upsOf(scene);
      expect(new Set(ups).size).toBe(ups.length);
      for (const { stack, state, error } of report.shops) {
        const fate = fateOf(fleet.fates, stack);
        const possible = {
          well: ["done", "not verified", "not started"],
          unchanged: ["done", "not started"],
          refused: ["failed", "not started"],
          silent: ["failed", "not verified", "not started"],
        }[fate];
        expect(possible).toContain(state);
        expect(state === "not started").toBe(!ups.includes(stack));
        expect(error?.stage).toBe(state !== "failed" ? undefined : fate === "silent" ? "verify" : "deploy");
      }
      const ended = scene.events.flatMap((event) => (event.kind === "ended" ? [event.shop.stack] : []));
      expect(ended.toSorted()).toEqual(ups.toSorted());
      if (report.stopped === undefined) expect(ups).toHaveLength(fleet.fates.length);
    }),
  );
});

test("no shop begins before every shop of the waves before it has been heard of last", async () => {
  await fc.assert(
    fc.asyncProperty(fleets, async (fleet) => {
      const scene = prepare(fleet);
      const { shops } = await scene.run();
      const waveOf = new Map(shops.map(({ stack, wave }) => [stack, wave]));
      const ended = new Set<string>();
      for (const event of scene.events) {
        if (event.kind === "ended") ended.add(event.shop.stack);
        if (event.kind !== "started") continue;
        const before = shops.filter(({ wave }) => wave < waveOf.get(event.stack)!);
        expect(before.filter(({ stack }) => !ended.has(stack))).toEqual([]);
        expect(before.some(({ error }) => error?.stage === "verify")).toBe(false);
      }
    }),
  );
});

test("too many failures stop it, and no fewer", async () => {
  await fc.assert(
    fc.asyncProperty(fleets, async (fleet) => {
      const { shops, stopped } = await prepare({ ...fleet, stopAfter: undefined }).run();
      const failed = shops.filter(({ state }) => state === "failed");
      if (failed.length > fleet.maxFailures) expect(stopped?.by).toBe("failures");
      // What was under way when one failed too many may fail, too.
      expect(failed.length).toBeLessThanOrEqual(fleet.maxFailures + Math.max(fleet.parallel, fleet.wave));
      if (failed.length === 0) expect(stopped).toBeUndefined();
    }),
  );
});

test("after any beginning of its journal, a run that is resumed does the rest once and nothing twice", async () => {
  await fc.assert(
    fc.asyncProperty(fleets, fc.nat(), async (fleet, cut) => {
      const first = prepare(fleet);
      await first.run();
      const records = first.journal.records.slice(0, 1 + (cut % first.journal.records.length));
      const { reached } = pastOf(records, "journal");

      const repaired = fleet.fates.map(() => "well" as const);
      const second = prepare({ ...fleet, fates: repaired, stopAfter: undefined }, new JournalDouble([...records]));
      const report = await second.run();
      expect(report.shops.filter(({ state }) => state !== "done" && state !== "done before")).toEqual([]);
      const all = fleet.fates.map((_, at) => nameOf(at));
      expect(upsOf(second).toSorted()).toEqual(all.filter((stack) => !reached.has(stack)));
      expect(pastOf(second.journal.records, "journal").complete).toBe(true);
      // A third one finds nothing left.
      const third = prepare({ ...fleet, fates: repaired, stopAfter: undefined }, second.journal);
      await third.run();
      expect(third.engine.log).toEqual([]);
    }),
  );
});

test("waves have every shop once, in order, and no wave but the last is smaller", () => {
  const shares = fc.oneof(
    fc.integer({ min: 1, max: 200 }).map((count) => ({ count })),
    fc.double({ min: 0.001, max: 100, noNaN: true }).map((percent) => ({ percent })),
  );
  fc.assert(
    fc.property(fc.array(fc.integer(), { maxLength: 120 }), shares, (shops, share) => {
      const waves = wavesOf(shops, share);
      expect(waves.flat()).toEqual(shops);
      const sizes = waves.map(({ length }) => length);
      expect(sizes.slice(0, -1).every((size) => size === sizes[0])).toBe(true);
      expect(sizes.every((size) => size > 0 && size <= sizes[0]!)).toBe(true);
    }),
  );
});

test.each([
  ["10%", 100, [10, 10]],
  ["10%", 7, [1, 7]],
  ["100%", 5, [5, 1]],
  ["30%", 10, [3, 4]],
  ["4", 10, [4, 3]],
  ["500", 10, [10, 1]],
])("--wave %s of %i shops: %j", (text, shops, [size, count]) => {
  const waves = wavesOf(Array(shops).fill("x"), parseShare(text, 1));
  expect([waves[0]!.length, waves.length]).toEqual([size, count]);
});

test.each(["", "0", "0%", "-1", "101%", "1.5", "ten", "10 %", "1e3", "%"])("--wave %p is refused", (text) => {
  expect(() => parseShare(text, 1)).toThrow(/is no share of the shops: write a part of all such as 10%/);
});

test("what may fail may be none", () => {
  expect([parseShare("0", 0), parseShare("0%", 0)]).toEqual([{ count: 0 }, { percent: 0 }]);
});

test.each<[string, JournalRecord[]]>([
  ["nothing", []],
  ["another line", [{ kind: "resumed", at: 1 }]],
])("a journal that begins with %s is refused", (_what, records) => {
  expect(() => pastOf(records, "j.jsonl")).toThrow(/j\.jsonl does not begin as the journal of a run/);
  expect(pastOf([beginOf([["a"]])], "j.jsonl").complete).toBe(false);
});
