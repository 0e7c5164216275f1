import { isMeant, isOfShop, KINDS, prefixOf, readKey } from "../../../infra/stored/keys";
import { changesKey, jobKey, sessionKey, storeKey, uiKey } from "../../../runtime/contract/keys";

const KEYS = {
  pages: uiKey("tea", "ann", "v2_explorer_50_01234567"),
  sessions: sessionKey("tea", "ann"),
  jobs: jobKey("tea", "ann"),
  stores: storeKey("tea"),
  changes: changesKey("tea"),
} as const;

describe.each(KINDS)("a key of kind %s", (kind) => {
  const key = KEYS[kind];

  it("is known by its beginning, and found by its store", () => {
    const named = readKey(key);
    expect(named).toMatchObject({ kind, store: "tea" });
    expect(named?.subject).toBe(isOfShop(kind) ? undefined : "ann");
    expect(key.startsWith(prefixOf(kind, { store: "tea" }))).toBe(true);
    expect(isMeant(named!, { kind, store: "tea" })).toBe(true);
    expect(isMeant(named!, { store: "te" })).toBe(false);
  });
});

test("a key of nothing that the runtime keeps is none", () => {
  for (const key of ["", "ui", "secret:tea", "changed:tea", "Store:tea"]) expect(readKey(key)).toBeUndefined();
});
