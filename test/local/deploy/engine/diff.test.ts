import { changedPaths, isUnder, pathsUnder } from "../../../../local/deploy/engine/diff";
import { secret, UNKNOWN } from "../../../../local/deploy/engine/values";

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
