import { Forgotten } from "../../../../runtime/worker/pool/forgotten";
import { trigger } from "../support/trigger";

const NOW = 1_800_000_000_000;

describe("what is asked of a member that forgot a shopper", () => {
  const forgotten = new Forgotten();
  forgotten.note("tea-house", "alice", NOW);

  it("before that moment or at it is not granted, after it as if nothing had been", () => {
    expect(forgotten.granted(trigger({ asked_at: NOW - 1 }))).toBeUndefined();
    expect(forgotten.granted(trigger({ asked_at: NOW }))).toBeUndefined();
    const later = trigger({ asked_at: NOW + 1 });
    expect(forgotten.granted(later)).toBe(later);
  });

  it("is not granted when nobody knows when it was asked, as by older code", () => {
    expect(forgotten.granted(trigger({ asked_at: 0 }))).toBeUndefined();
  });

  it("in another store or for another shopper is granted", () => {
    for (const other of [{ store: "moss-and-kettle" }, { shopper: "bert" }, { shopper: "alic" }]) {
      const request = trigger({ asked_at: NOW - 1, ...other });
      expect(forgotten.granted(request)).toBe(request);
    }
  });

  it("of a cohort's page is granted without who asked", () => {
    const request = trigger({ asked_at: NOW - 1, subject: "cohort" });
    expect(forgotten.granted(request)).toEqual({ ...request, shopper: null });
  });
});

test("a store that was forgotten is all of its shoppers and cohorts", () => {
  const forgotten = new Forgotten();
  forgotten.note("tea-house", undefined, NOW);
  expect(forgotten.granted(trigger({ asked_at: NOW }))).toBeUndefined();
  expect(forgotten.granted(trigger({ asked_at: NOW, shopper: null }))).toBeUndefined();
  expect(forgotten.granted(trigger({ asked_at: NOW, store: "tea-houses" }))).toBeDefined();
});

test("who was forgotten is itself forgotten after a minute", () => {
  const forgotten = new Forgotten();
  forgotten.note("tea-house", "alice", NOW);
  forgotten.note("tea-house", "bert", NOW + 59_999);
  expect(forgotten.granted(trigger({ asked_at: NOW }))).toBeUndefined();
  forgotten.note("tea-house", "carl", NOW + 60_000);
  expect(forgotten.granted(trigger({ asked_at: NOW }))).toBeDefined();
  expect(forgotten.granted(trigger({ asked_at: NOW, shopper: "bert" }))).toBeUndefined();
});
