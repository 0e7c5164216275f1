import { pickVersion } from "../../../../local/cloud/host/traffic";

const pick = (headers: Record<string, string>, random = 0.99, shares: readonly [number, number] = [10, 90]) => {
  const [newer, older] = shares.map((percentage, at) => ({ versionId: ["new", "old"][at] ?? "", percentage }));
  if (!newer || !older) throw new Error("two shares are needed");
  return pickVersion("shop", [newer, older], headers, () => random).versionId;
};

test.each([
  [0, "new"],
  [0.0999, "new"],
  [0.1, "old"],
  [0.999, "old"],
])("by chance, %p of the line goes to the %s version", (random, version) => {
  expect(pick({}, random)).toBe(version);
});

test("a version with a share of 0 gets nothing by chance or by key, but what asks for it", () => {
  expect(pick({}, 0, [0, 100])).toBe("old");
  for (let i = 0; i < 200; i++) expect(pick({ "cloudflare-workers-version-key": `k${i}` }, 0, [0, 100])).toBe("old");
  expect(pick({ "cloudflare-workers-version-overrides": 'shop="new"' }, 0.5, [0, 100])).toBe("new");
});

test("a key always goes the same way, and to the new version only once as its share grows", () => {
  const key = (i: number) => ({ "cloudflare-workers-version-key": `shopper-${i}` });
  let former = 0;
  const moved = new Set<number>();
  for (const share of [5, 20, 50, 100]) {
    const now = Array.from({ length: 500 }, (_, i) => i).filter(
      (i) => pick(key(i), 0.5, [share, 100 - share]) === "new",
    );
    for (const i of moved) expect(now).toContain(i);
    for (const i of now) moved.add(i);
    expect(now.length).toBeGreaterThan(former);
    former = now.length;
  }
  expect(former).toBe(500);
});

test.each([
  ['shop="new"', "new"],
  ['other="old", shop="new"', "new"],
  ['shop="old", shop="new"', "new"],
  ['SHOP="new"', "old"],
  ['workshop="new"', "old"],
  ["shop=new", "old"],
  ['shop="gone"', "old"],
  ["", "old"],
])("the override %s leads to the %s version", (header, version) => {
  expect(pick({ "cloudflare-workers-version-overrides": header })).toBe(version);
});

test("an override counts more than a key, and one version is picked without chance", () => {
  const headers = { "cloudflare-workers-version-overrides": 'shop="old"', "cloudflare-workers-version-key": "x" };
  expect(pick(headers, 0, [100, 0])).toBe("old");
  const never = () => {
    throw new Error("no chance is needed");
  };
  expect(pickVersion("shop", [{ versionId: "only", percentage: 100 }], {}, never).versionId).toBe("only");
});
