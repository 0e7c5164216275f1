import { ByteLru } from "../../../../runtime/worker/cache/byteLru";

describe("ByteLru", () => {
  it("keeps a value until its time and no millisecond longer", () => {
    const lru = new ByteLru<string>(100);
    lru.set("a", "A", 10, 1000);
    expect(lru.get("a", 999)).toBe("A");
    expect(lru.get("a", 1000)).toBeUndefined();
    expect(lru.get("a", 0)).toBeUndefined();
  });

  it("drops what was used longest ago when it is full", () => {
    const lru = new ByteLru<string>(30);
    for (const key of ["a", "b", "c"]) lru.set(key, key, 10, Infinity);
    lru.get("a", 0);
    lru.set("d", "d", 10, Infinity);
    expect(["a", "b", "c", "d"].map((key) => lru.get(key, 0))).toEqual(["a", undefined, "c", "d"]);
  });

  it("counts a replaced value once, and keeps nothing larger than itself", () => {
    const lru = new ByteLru<string>(30);
    for (let i = 0; i < 10; i++) lru.set("a", String(i), 20, Infinity);
    lru.set("b", "b", 10, Infinity);
    expect([lru.get("a", 0), lru.get("b", 0)]).toEqual(["9", "b"]);
    lru.set("a", "huge", 31, Infinity);
    expect([lru.get("a", 0), lru.get("b", 0)]).toEqual([undefined, "b"]);
  });
});
