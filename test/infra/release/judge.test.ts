import { judgeRollback, type RollbackCase } from "../../../infra/release";
import { releaseAt } from "./releases";

const good = (changes: Partial<RollbackCase> = {}): RollbackCase => ({
  current: releaseAt(2, "b"),
  target: releaseAt(1, "a"),
  migrationsBetween: [],
  durableObjectHistory: [{ tag: "v1" }],
  versionExists: true,
  imageExists: true,
  ...changes,
});
const reasons = (changes: Partial<RollbackCase>): readonly string[] => {
  const judgement = judgeRollback(good(changes));
  return "refused" in judgement ? judgement.refused : [];
};
const ADDED = { name: "0002_added.sql", sql: "-- Adds a column.\n-- rollback: safe\nALTER TABLE t ADD c;" };
const DROPPED = { name: "0003_dropped.sql", sql: "-- Drops a column.\nALTER TABLE t DROP c;" };

test("a former release of the same schema and classes may come back", () => {
  expect(judgeRollback(good())).toEqual({ ok: true });
});

test("a migration that says it is safe is no obstacle", () => {
  const current = releaseAt(2, "b", { schemaLevel: ADDED.name });
  expect(judgeRollback(good({ current, migrationsBetween: [ADDED] }))).toEqual({ ok: true });
});

test("one that does not is, and the reason names it, the loss and the bookmark to restore by hand", () => {
  const current = releaseAt(2, "b", { schemaLevel: DROPPED.name });
  const [reason, ...more] = reasons({ current, migrationsBetween: [ADDED, DROPPED], bookmark: "0000-0001" });
  expect(more).toEqual([]);
  expect(reason).toContain("The database has 0003_dropped.sql");
  expect(reason).not.toContain(ADDED.name);
  expect(reason).toContain("-- rollback: safe");
  expect(reason).toContain("wrangler d1 time-travel restore {database} --bookmark=0000-0001");
  expect(reason).toContain("is lost");
  expect(reasons({ current, migrationsBetween: [DROPPED] })[0]).toContain("no bookmark is recorded");
});

test("migrations that this checkout does not have cannot be called safe", () => {
  const current = releaseAt(2, "b", { schemaLevel: DROPPED.name });
  expect(reasons({ current, migrationsBetween: [ADDED] })).toEqual([
    expect.stringContaining("only up to 0002_added.sql"),
  ]);
  expect(reasons({ current })).toEqual([expect.stringContaining("only up to 0001_initial.sql")]);
});

test("a release that needs a later schema than there is does not come back", () => {
  const target = releaseAt(1, "a", { schemaLevel: "0010_later.sql" });
  expect(reasons({ target })).toEqual([expect.stringContaining("needs 0010_later.sql")]);
});

test("classes of Durable Objects that changed in between are an obstacle that nothing marks as safe", () => {
  const current = releaseAt(2, "b", { migrationTag: "v3" });
  const durableObjectHistory = [{ tag: "v1" }, { tag: "v2" }, { tag: "v3" }];
  expect(reasons({ current, durableObjectHistory })).toEqual([expect.stringMatching(/v2, v3 came in between.*erase/)]);
  expect(reasons({ current, durableObjectHistory: [] })).toEqual([expect.stringContaining("at migration v3")]);
});

test.each([
  [{ versionExists: false }, "no longer has version a of the Worker wandstore-prod-storefront"],
  [{ imageExists: false }, "no longer has the image registry.cloudflare.com/acc/generator@sha256:a"],
  [{ target: undefined }, "No release before 20261121T120200Z-b"],
  [{ current: undefined }, "No release is recorded"],
  [{ target: releaseAt(1, "b") }, "is what runs now"],
])("%j is refused", (changes, reason) => {
  expect(reasons(changes)).toEqual([expect.stringContaining(reason)]);
});

test("the same code with another image is another release", () => {
  const generator = { applicationId: "app-1", image: "registry.cloudflare.com/acc/generator@sha256:other" };
  expect(judgeRollback(good({ target: releaseAt(1, "b", { generator }) }))).toEqual({ ok: true });
});

test("all reasons come at once", () => {
  const current = releaseAt(2, "b", { schemaLevel: DROPPED.name, migrationTag: "v2" });
  expect(reasons({ current, migrationsBetween: [DROPPED], versionExists: false, imageExists: false })).toHaveLength(4);
});
