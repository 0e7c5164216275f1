import * as fc from "fast-check";
import { rankMembers } from "../../../runtime/lib/rendezvous";

const members = (count: number): string[] => Array.from({ length: count }, (_, index) => `pool-${index}`);
const keys = Array.from({ length: 10_000 }, (_, index) => `ui:magic-wands:shopper-${index}:v2_unknown_0_01234567`);

describe("rankMembers", () => {
  it("ranks every member once, whatever order they come in", () => {
    fc.assert(
      fc.property(fc.string(), fc.shuffledSubarray(members(12), { minLength: 1 }), (key, some) => {
        const ranked = rankMembers(key, some);
        expect(ranked.toSorted()).toEqual(some.toSorted());
        expect(rankMembers(key, some.toReversed())).toEqual(ranked);
      }),
    );
  });

  it("keeps the order of the others when a member leaves", () => {
    fc.assert(
      fc.property(fc.string(), fc.integer({ min: 0, max: 9 }), (key, gone) => {
        const all = rankMembers(key, members(10));
        const left = members(10).filter((_, index) => index !== gone);
        expect(rankMembers(key, left)).toEqual(all.filter((member) => member !== `pool-${gone}`));
      }),
    );
  });

  it("moves less than 12 % of the keys from 10 members to 11, and those only to the new one", () => {
    const moved = keys.filter((key) => rankMembers(key, members(10))[0] !== rankMembers(key, members(11))[0]);
    expect(moved.length / keys.length).toBeLessThan(0.12);
    expect(new Set(moved.map((key) => rankMembers(key, members(11))[0]))).toEqual(new Set(["pool-10"]));
  });

  it("gives back just those from 11 members to 10, evenly to the others", () => {
    const orphans = keys.filter((key) => rankMembers(key, members(11))[0] === "pool-10");
    expect(orphans.length / keys.length).toBeLessThan(0.12);
    const kept = keys.filter((key) => rankMembers(key, members(11))[0] === rankMembers(key, members(10))[0]);
    expect(kept.length + orphans.length).toBe(keys.length);
    const heirs = new Map<string, number>();
    for (const key of orphans) {
      const heir = rankMembers(key, members(10))[0] ?? "";
      heirs.set(heir, (heirs.get(heir) ?? 0) + 1);
    }
    expect(heirs.size).toBe(10);
    for (const count of heirs.values()) expect(count / orphans.length).toBeLessThan(0.2);
  });

  it("spreads the keys whose owner is full over all the others, not over its neighbour", () => {
    const seconds = new Map<string, number>();
    const owned = keys.map((key) => rankMembers(key, members(10))).filter(([first]) => first === "pool-3");
    for (const [, second = ""] of owned) seconds.set(second, (seconds.get(second) ?? 0) + 1);
    expect(seconds.size).toBe(9);
    for (const count of seconds.values()) expect(count / owned.length).toBeLessThan(0.2);
  });

  it("gives each of ten members between 8 % and 12 % of the keys", () => {
    const counts = new Map<string, number>();
    for (const key of keys) {
      const owner = rankMembers(key, members(10))[0] ?? "";
      counts.set(owner, (counts.get(owner) ?? 0) + 1);
    }
    for (const count of counts.values()) {
      expect(count / keys.length).toBeGreaterThan(0.08);
      expect(count / keys.length).toBeLessThan(0.12);
    }
    expect(counts.size).toBe(10);
  });
});
