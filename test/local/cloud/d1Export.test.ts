import { createHash } from "node:crypto";
import { startTestCloud, TestClock, type TestCloud } from "./support";

/** Statements that make a database hard to write down. */
const HOSTILE = [
  "plain",
  "it's; DROP TABLE t; --",
  "line\nbreak\r\nand a literal \\n beside it",
  "char(10) || replace('x')",
  "zero \u0000 inside",
  "\u0000",
  "emoji 🪄 and ümlauts, \u2028 too",
  'double " quotes ` and [brackets]',
  "",
  "x".repeat(5_000),
];

describe("Exports of D1 databases", () => {
  let test: TestCloud;
  let clock: TestClock;
  beforeAll(async () => {
    clock = new TestClock();
    test = await startTestCloud({ clock });
  });
  afterAll(async () => {
    await test.stop();
    expect(test.problems).toEqual([]);
  });

  const path = (id: string, rest: string) => `/accounts/${test.accountId}/d1/database/${id}/${rest}`;
  async function create(name: string, ...statements: { sql: string; params?: unknown[] }[]): Promise<string> {
    const made = await test.api("POST", `/accounts/${test.accountId}/d1/database`, { name });
    const { uuid } = made.body.result as { uuid: string };
    if (statements.length > 0) await run(uuid, { batch: statements });
    return uuid;
  }
  async function run(id: string, body: object): Promise<Record<string, unknown>[][]> {
    const { status, body: answer } = await test.api("POST", path(id, "query"), body);
    if (status !== 200) throw new Error(JSON.stringify(answer.errors));
    return (answer.result as { results: Record<string, unknown>[] }[]).map(({ results }) => results);
  }
  interface Exported {
    status: string;
    error?: string;
    at_bookmark: string;
    result?: { filename: string; signed_url: string };
  }
  const exported = async (id: string, dump_options?: object): Promise<Exported> => {
    const body = { output_format: "polling", ...(dump_options ? { dump_options } : {}) };
    const answer = await test.api("POST", path(id, "export"), body);
    expect(answer.status).toBe(200);
    return answer.body.result;
  };
  async function textOf(id: string, options?: object): Promise<string> {
    const { status, result } = await exported(id, options);
    expect(status).toBe("complete");
    return (await fetch(result?.signed_url ?? "")).text();
  }
  /** All that can be seen of a database. */
  const seen = (id: string) =>
    run(id, {
      sql: `SELECT type, name, sql FROM sqlite_schema WHERE name NOT GLOB '_cf_*' ORDER BY type, name;
        SELECT id, hex(CAST(body AS BLOB)) AS body, typeof(body) AS type, "odd ""name""" AS odd, twice FROM t ORDER BY id;
        SELECT name, seq FROM sqlite_sequence; SELECT * FROM child; SELECT * FROM lengths ORDER BY 1;`,
    });

  it("make the same database again, whatever it holds", async () => {
    const odd = [1.5, -0.1, 9_007_199_254_740_991, 1e300, null, "NULL", "X'00'", 5e-324, 42, true];
    const id = await create(
      "hostile",
      {
        sql: `CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT, body, "odd ""name""" NUMERIC, twice AS (id * 2))`,
      },
      { sql: "CREATE TABLE child (parent INTEGER NOT NULL REFERENCES t (id), 'select' TEXT DEFAULT 'it''s')" },
      { sql: "CREATE UNIQUE INDEX by_parent ON child (parent)" },
      { sql: "CREATE VIEW lengths AS SELECT length(body) AS n FROM t" },
      {
        sql: "CREATE TRIGGER no_empty AFTER INSERT ON child BEGIN UPDATE t SET body = CASE WHEN body = '' THEN ';' ELSE body END; END",
      },
      ...HOSTILE.map((text, at) => ({
        sql: `INSERT INTO t (body, "odd ""name""") VALUES (?, ?)`,
        params: [text, odd[at]],
      })),
      { sql: "INSERT INTO t (id, body) VALUES (100, X'00ff27'), (101, 9223372036854775807), (102, 9e999), (103, X'')" },
      { sql: "DELETE FROM t WHERE id = 103" },
      { sql: `INSERT INTO child VALUES (1, 'a'), (100, 'b''c')` },
    );
    const text = await textOf(id);
    expect(text).toContain("X'00FF27'");
    expect(text).toContain("9223372036854775807");
    expect(text.split("\n")[0]).toBe("PRAGMA defer_foreign_keys=TRUE;");

    const copy = await create("copy");
    await run(copy, { sql: text });
    expect(await seen(copy)).toEqual(await seen(id));
    expect(await textOf(copy)).toBe(text);
  }, 60_000);

  it("leave out what they are told to", async () => {
    const id = await create(
      "parts",
      { sql: "CREATE TABLE a (x)" },
      { sql: "CREATE TABLE b (x)" },
      { sql: "CREATE INDEX bx ON b (x)" },
      { sql: "INSERT INTO a VALUES (1)" },
      { sql: "INSERT INTO b VALUES (2)" },
    );
    const first = "PRAGMA defer_foreign_keys=TRUE;\n";
    const a = 'INSERT INTO "a" ("x") VALUES(1);\n';
    const b = 'INSERT INTO "b" ("x") VALUES(2);\n';
    expect(await textOf(id, { no_schema: true })).toBe(first + a + b);
    expect(await textOf(id, { no_data: true })).toBe(
      `${first}CREATE TABLE a (x);\nCREATE TABLE b (x);\nCREATE INDEX bx ON b (x);\n`,
    );
    expect(await textOf(id, { tables: ["b"] })).toBe(`${first}CREATE TABLE b (x);\n${b}CREATE INDEX bx ON b (x);\n`);
    expect(await textOf(id, { tables: ["b' OR 1"] })).toBe(first);
    expect(await textOf(await create("empty"))).toBe(first);
  }, 60_000);

  it("say that a virtual table cannot be exported, and refuse what is no request", async () => {
    const id = await create("virtual", { sql: "CREATE VIRTUAL TABLE words USING fts5 (word)" });
    expect(await exported(id)).toMatchObject({ status: "error", error: expect.stringContaining("Virtual Tables") });
    expect((await test.api("POST", path(id, "export"), { output_format: "file" })).status).toBe(400);
    const none = "3d6f5a9e-0c1b-4f0e-9d53-6c2ab1a0ffee";
    expect((await test.api("POST", path(none, "export"), { output_format: "polling" })).status).toBe(404);
  });

  it("can be fetched by their address alone, for an hour", async () => {
    const { result } = await exported(await create("fetched"));
    const address = result?.signed_url ?? "";
    const status = async (url: string) => (await fetch(url)).status;
    expect(await status(address)).toBe(200);
    const token = /\/signed\/([^/]+)\//.exec(address)?.[1] ?? "";
    expect(token.length).toBeGreaterThanOrEqual(43); // 256 bits
    expect(await status(address.replace(token, `${token.slice(0, -1)}${token.endsWith("A") ? "B" : "A"}`))).toBe(403);
    clock.move(3_599_000);
    expect(await status(address)).toBe(200);
    clock.move(2_000);
    expect(await status(address)).toBe(403);
  });

  it("come back by an import, whole or not at all", async () => {
    const from = await create(
      "from",
      { sql: "CREATE TABLE a (x UNIQUE)" },
      { sql: "INSERT INTO a VALUES ('it''s'), (2)" },
    );
    const text = await textOf(from);
    const md5 = (sql: string) => createHash("md5").update(sql).digest("hex");
    const act = (id: string, body: object) => test.api("POST", path(id, "import"), body);
    async function bring(id: string, sql: string, etag = md5(sql)) {
      const begun = (await act(id, { action: "init", etag })).body.result as { upload_url: string; filename: string };
      const put = await fetch(begun.upload_url, { method: "PUT", body: sql });
      expect([put.status, put.headers.get("etag")]).toEqual([200, `"${md5(sql)}"`]);
      expect((await fetch(begun.upload_url, { method: "PUT", body: "other" })).status).toBe(403); // once only
      return act(id, { action: "ingest", etag, filename: begun.filename });
    }
    const to = await create("to");
    const done = (await bring(to, text)).body.result as { status: string; result: { num_queries: number } };
    expect(done).toMatchObject({ status: "complete", result: { num_queries: 4, meta: { changes: 2 } } });
    expect(await run(to, { sql: "SELECT x FROM a ORDER BY typeof(x)" })).toEqual([[{ x: 2 }, { x: "it's" }]]);

    const half = `INSERT INTO a VALUES (3);\nINSERT INTO a VALUES (2);`;
    const failed = (await bring(to, half)).body.result as { status: string; error: string };
    expect(failed).toMatchObject({ status: "error", error: expect.stringContaining("UNIQUE constraint failed") });
    expect(await run(to, { sql: "SELECT count(*) AS n FROM a" })).toEqual([[{ n: 2 }]]);
    expect((await bring(to, "SELECT 1", "0".repeat(32))).status).toBe(400);
    expect((await act(to, { action: "ingest", etag: md5(""), filename: "none.sql" })).status).toBe(400);
    expect((await act(to, { action: "ingest" })).status).toBe(400);
  }, 60_000);
});
