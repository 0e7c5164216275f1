import { parsePath, withIgnored } from "../../../../local/deploy/engine/propertyPath";
import { isSecret, secret, type Props } from "../../../../local/deploy/engine/values";

describe("a property's path", () => {
  it.each([
    ["root", ["root"]],
    ["root.nested", ["root", "nested"]],
    ["root.array[0][1].nested", ["root", "array", 0, 1, "nested"]],
    ['root["key with a ."]', ["root", "key with a ."]],
    ['["a \\"quoted\\" key"].x', ['a "quoted" key', "x"]],
    ["list[*].name", ["list", "*", "name"]],
    ["wandstore-pool.size", ["wandstore-pool", "size"]],
  ])("%s is read as Pulumi reads it", (text, steps) => {
    expect(parsePath(text)).toEqual(steps);
  });

  it.each(["", ".root", "root.", "root[", "root[x]", 'root["x]', "root..x"])("%j is none", (text) => {
    expect(() => parsePath(text)).toThrow(/path/);
  });
});

describe("changes that are ignored", () => {
  const kept = (olds: Props, news: Props, ...paths: string[]) => withIgnored(olds, news, paths);

  it("keep a whole input, or its absence", () => {
    expect(kept({ a: 1 }, { a: 2, b: 3 }, "a", "b")).toEqual({ a: 1 });
  });

  it("keep one property deep inside and let the others change", () => {
    expect(kept({ a: { x: 1, y: 1 } }, { a: { x: 2, y: 2 } }, "a.x")).toEqual({ a: { x: 1, y: 2 } });
    expect(kept({ l: [{ n: 1 }, { n: 2 }] }, { l: [{ n: 3 }, { n: 4 }] }, "l[1].n")).toEqual({
      l: [{ n: 3 }, { n: 2 }],
    });
    expect(kept({ l: [{ n: 1 }, { n: 2 }] }, { l: [{ n: 3 }, { n: 4 }] }, "l[*].n")).toEqual({
      l: [{ n: 1 }, { n: 2 }],
    });
    expect(kept({ a: { x: 1 } }, { a: { x: 2, z: 1 } }, "a.*")).toEqual({ a: { x: 1 } });
  });

  it("reach into no element that only one side has", () => {
    expect(kept({ l: [1] }, { l: [2, 3] }, "l[1]")).toEqual({ l: [2, 3] });
    expect(kept({}, { a: { x: 2 } }, "a.x")).toEqual({ a: { x: 2 } });
    expect(kept({ a: "text" }, { a: { x: 2 } }, "b.x")).toEqual({ a: { x: 2 } });
  });

  it("keep a secret a secret", () => {
    const { a } = kept({ a: secret({ x: "old", y: 1 }) }, { a: secret({ x: "new", y: 2 }) }, "a.x");
    expect(isSecret(a) && a.value).toEqual({ x: "old", y: 2 });
    expect(isSecret(kept({ a: secret({ x: "old" }) }, { a: { x: "new" } }, "a.x").a)).toBe(true);
  });

  it("leave the values they were given as they are", () => {
    const news = { a: { x: 2 } };
    kept({ a: { x: 1 } }, news, "a.x");
    expect(news).toEqual({ a: { x: 2 } });
  });
});
