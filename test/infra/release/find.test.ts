import {
  bookmarkBefore,
  findRelease,
  isRollbackSafe,
  migrationsBetween,
  previousRelease,
} from "../../../infra/release";
import { releaseAt } from "./releases";

const [a, b, c] = [releaseAt(1, "a"), releaseAt(2, "b"), releaseAt(3, "c")];

describe("without a name, a rollback goes", () => {
  test("to the release before", () => {
    expect(previousRelease([c, b, a])).toBe(b);
  });
  test("past a record of what runs anyway", () => {
    expect(previousRelease([releaseAt(4, "c"), c, b, a])).toBe(b);
  });
  test("before the release that the last rollback returned to, never forward again", () => {
    expect(previousRelease([releaseAt(4, "b", { rollbackOf: b.releaseId }), c, b, a])).toBe(a);
  });
  test("as if there had been no rollback where the record it returned to is gone", () => {
    expect(previousRelease([releaseAt(4, "b", { rollbackOf: "gone" }), c])).toBe(c);
  });
  test("nowhere from the first release, or from none", () => {
    expect([previousRelease([a]), previousRelease([])]).toEqual([undefined, undefined]);
  });
});

test("a release is found by its id or by how the id begins, if only one does", () => {
  expect(findRelease([c, b, a], b.releaseId)).toBe(b);
  expect(findRelease([c, b, a], "20261121T1202")).toBe(b);
  expect(findRelease([c, b, a], "2026")).toBeUndefined();
  expect(findRelease([c, b, a], "2025")).toBeUndefined();
  expect(findRelease([b], "")).toBeUndefined();
});

test("the migrations after a level are those with a higher number, up to the level that there is", () => {
  const all = ["0001_initial.sql", "0002_added.sql", "0010_dropped.sql", "0011_later.sql"].map((name) => ({
    name,
    sql: "",
  }));
  const names = migrationsBetween(all, "0001_initial.sql", "0010_dropped.sql").map(({ name }) => name);
  expect(names).toEqual(["0002_added.sql", "0010_dropped.sql"]);
  expect(migrationsBetween(all, "0010_dropped.sql", "0010_dropped.sql")).toEqual([]);
});

test.each([
  ["-- rollback: safe\nALTER TABLE t ADD c;", true],
  ["\n-- Adds a column.\n\n--   rollback:safe  \nALTER TABLE t ADD c;", true],
  ["-- Adds a column.\r\n-- rollback: safe\r\nALTER TABLE t ADD c;", true],
  ["ALTER TABLE t ADD c;\n-- rollback: safe", false],
  ["-- rollback: unsafe\nALTER TABLE t ADD c;", false],
  ["-- rollback: safely\nALTER TABLE t ADD c;", false],
  ["-- not rollback: safe\nALTER TABLE t ADD c;", false],
  ["SELECT '-- rollback: safe';", false],
  ["", false],
])("%j is safe for older code: %s", (sql, expected) => {
  expect(isRollbackSafe(sql)).toBe(expected);
});

test("the bookmark to restore to is from before the first migration after the target, not from before the last", () => {
  const first = releaseAt(4, "d", { schemaLevel: "0002_x.sql", bookmark: "before-2" });
  const second = releaseAt(5, "e", { schemaLevel: "0003_x.sql", bookmark: "before-3" });
  expect(bookmarkBefore([second, first, c, b, a], b)).toBe("before-2");
  expect(bookmarkBefore([c, b, a], b)).toBeUndefined();
});
