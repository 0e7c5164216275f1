import { changedPaths, changesBetween, isUnder, pathsUnder } from "../../../../local/deploy/engine/diff";
import { secret, UNKNOWN, type Value } from "../../../../local/deploy/engine/values";

describe("the comparison of inputs", () => {
  it("names nothing where nothing changed, whatever the order of keys", () => {
    expect(changedPaths({ a: 1, b: { c: [1, 2] } }, { b: { c: [1, 2] }, a: 1 })).toEqual([]);
  });

  it("names what changed by its path, into objects and lists", () => {
    const olds = { configuration: { maxInstances: 10, image: "a" }, bindings: [{ text: "1" }, { text: "2" }] };
    const news = { configuration: { maxInstances: 7, image: "a" }, bindings: [{ text: "1" }, { text: "3" }] };
    expect(changedPaths(olds, news)).toEqual(["configuration.maxInstances", "bindings[1].text"]);
  });

  it("names what was added and what was taken away, also in lists", () => {
    expect(changedPaths({ a: 1, list: [1] }, { b: 2, list: [1, 2] })).toEqual(["a", "list[1]", "b"]);
  });

  it("names the elements of a list by their names where all have one", () => {
    const binding = (name: string, text: string) => ({ name, text });
    const olds = { bindings: [binding("A", "1"), binding("POOL_SIZE", "10")] };
    expect(changedPaths(olds, { bindings: [binding("A", "1"), binding("POOL_SIZE", "7")] })).toEqual([
      'bindings["POOL_SIZE"].text',
    ]);
    expect(changedPaths(olds, { bindings: [binding("B", "0"), ...olds.bindings] })).toEqual(['bindings["B"]']);
    expect(changedPaths(olds, { bindings: [binding("A", "1")] })).toEqual(['bindings["POOL_SIZE"]']);
  });

  it("goes by position where names repeat or come in another order", () => {
    const [a, b] = [{ name: "A" }, { name: "B" }];
    expect(changedPaths({ list: [a, b] }, { list: [b, a] })).toEqual(["list[0].name", "list[1].name"]);
    expect(changedPaths({ list: [a, a] }, { list: [a, b] })).toEqual(["list[1].name"]);
  });

  it("names them by their ids where they have no names", () => {
    const rule = (id: string, enabled: boolean) => ({ id, enabled });
    const olds = { rules: [rule("expire", true)] };
    expect(changedPaths(olds, { rules: [rule("abort", true), rule("expire", true)] })).toEqual(['rules["abort"]']);
    expect(changedPaths(olds, { rules: [rule("expire", false)] })).toEqual(['rules["expire"].enabled']);
  });

  it("takes another order for the same where order is free, and still sees what else changed", () => {
    const between = (olds: Value[], news: Value[]) =>
      changesBetween({ list: olds }, { list: news }, "free").map(({ path }) => path);
    const [a, b, c] = [
      { id: "a", days: 1 },
      { id: "b", days: 2 },
      { id: "c", days: 3 },
    ];
    expect(between([a, b], [b, a])).toEqual([]);
    expect(between([a, b], [c, b, a])).toEqual(['list["c"]']);
    expect(between([a, b], [{ ...b, days: 3 }, a])).toEqual(['list["b"].days']);
    expect(between(["x", "y"], ["y", "x"])).toEqual([]);
    expect(between(["x", "y"], ["y", "z"])).toEqual(["list[0]", "list[1]"]);
    expect(between(["x", "x"], ["x"])).toEqual(["list[1]"]);
    expect(between([{ cron: "1" }, { cron: "2" }], [{ cron: "2" }, { cron: "1" }])).toEqual([]);
    expect(between([{ of: ["x", "y"] }], [{ of: ["y", "x"] }])).toEqual([]);
    expect(changedPaths({ list: ["x", "y"] }, { list: ["y", "x"] })).toEqual(["list[0]", "list[1]"]);
  });

  it("takes null for absent, but not zero or an empty text", () => {
    expect(changedPaths({ a: null, b: { c: null } }, { b: {} })).toEqual([]);
    expect(changedPaths({ a: null }, { a: 0 })).toEqual(["a"]);
    expect(changedPaths({ a: null }, { a: "" })).toEqual(["a"]);
  });

  it("sees a changed secret, and none where only the mark is new", () => {
    expect(changedPaths({ key: secret("one") }, { key: secret("two") })).toEqual(["key"]);
    expect(changedPaths({ key: "one" }, { key: secret("one") })).toEqual([]);
  });

  it("takes an unknown for a change of what was known", () => {
    expect(changedPaths({ id: "1" }, { id: UNKNOWN })).toEqual(["id"]);
  });

  it("finds paths under a name, and leaves names that only begin alike", () => {
    expect(isUnder("bindings[3].text", "bindings")).toBe(true);
    expect(isUnder("a[0].b.c", "a.b")).toBe(true);
    expect(isUnder('a["x"].b.c', "a.b")).toBe(true);
    expect(isUnder("nameServer", "name")).toBe(false);
    expect(pathsUnder(["name", "size"], ["*"])).toEqual(["name", "size"]);
  });
});
