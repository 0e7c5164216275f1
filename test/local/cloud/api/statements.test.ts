import { changesSchema, onlyReads, splitStatements } from "../../../../local/cloud/api/d1/statements";

describe("splitting SQL into statements", () => {
  it.each<[string, string, string[]]>([
    ["one statement without a semicolon", "SELECT 1", ["SELECT 1"]],
    ["several", "SELECT 1; SELECT 2;\nSELECT 3", ["SELECT 1", "SELECT 2", "SELECT 3"]],
    ["none", " ;; \n-- only a comment\n; /* and another */", []],
    [
      "semicolons in quotes",
      `SELECT 'a;b', "c;d", \`e;f\`, [g;h]; SELECT 'it''s;'`,
      [`SELECT 'a;b', "c;d", \`e;f\`, [g;h]`, "SELECT 'it''s;'"],
    ],
    [
      "semicolons in comments",
      "SELECT 1 -- a;b\n, 2 /* c;d */; SELECT 3",
      ["SELECT 1 -- a;b\n, 2 /* c;d */", "SELECT 3"],
    ],
    [
      "a trigger with a body",
      "CREATE TRIGGER t AFTER INSERT ON a BEGIN UPDATE b SET n = CASE WHEN 1 THEN 2 ELSE 3 END; DELETE FROM c; END; SELECT 1",
      [
        "CREATE TRIGGER t AFTER INSERT ON a BEGIN UPDATE b SET n = CASE WHEN 1 THEN 2 ELSE 3 END; DELETE FROM c; END",
        "SELECT 1",
      ],
    ],
    [
      "a temporary trigger with a condition before its body",
      "CREATE TEMP TRIGGER t AFTER INSERT ON a WHEN CASE 1 WHEN 1 THEN 1 END BEGIN SELECT 1; END; SELECT 2",
      ["CREATE TEMP TRIGGER t AFTER INSERT ON a WHEN CASE 1 WHEN 1 THEN 1 END BEGIN SELECT 1; END", "SELECT 2"],
    ],
    [
      "a column that is called trigger",
      "SELECT trigger, begin FROM t; SELECT 2",
      ["SELECT trigger, begin FROM t", "SELECT 2"],
    ],
    ["a quote that is never closed", "SELECT 'a; SELECT 2", ["SELECT 'a", "SELECT 2"]],
  ])("keeps %s", (_, sql, statements) => {
    expect(splitStatements(sql)).toEqual(statements);
  });

  it("knows which statements only read", () => {
    for (const sql of ["SELECT 1", " -- why\n select 1", "/* x */ VALUES (1)", "EXPLAIN DELETE FROM t"]) {
      expect(onlyReads(sql)).toBe(true);
    }
    for (const sql of [
      "INSERT INTO t SELECT 1",
      "WITH x AS (SELECT 1) DELETE FROM t",
      "SELECTED",
      "PRAGMA user_version = 1",
    ]) {
      expect(onlyReads(sql)).toBe(false);
    }
  });
});

it.each([
  ["select 1", true, false],
  ["-- why\n/* how */ SELECT(1)", true, false],
  ["Drop table t", false, true],
  ["/* a */ DELETE FROM t /* b */ SELECT", false, false],
  ["selected", false, false],
  ["", false, false],
])("by its first word %j only reads: %j, changes the schema: %j", (statement, reads, changes) => {
  expect([onlyReads(statement), changesSchema(statement)]).toEqual([reads, changes]);
});
