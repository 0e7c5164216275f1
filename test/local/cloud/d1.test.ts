import { refusal, startTestCloud, type TestCloud } from "./support";

describe("D1 in the embedded cloud", () => {
  let test: TestCloud;
  let account_id: string;
  let database: TestCloud["client"]["d1"]["database"];

  beforeAll(async () => {
    test = await startTestCloud();
    account_id = test.accountId;
    database = test.client.d1.database;
  });
  afterAll(async () => {
    await test.stop();
    expect(test.problems).toEqual([]);
  });

  const create = async (name: string) => (await database.create({ account_id, name })).uuid as string;
  const query = async (id: string, sql: string, params?: string[]) =>
    (await database.query(id, { account_id, sql, ...(params ? { params } : {}) })).result;

  it("creates, reads, lists and deletes a database", async () => {
    const id = await create("shop");
    expect(id).toMatch(/^[0-9a-f]{8}-/);
    await query(id, "CREATE TABLE t (a)");
    expect(await database.get(id, { account_id })).toMatchObject({
      name: "shop",
      num_tables: 1,
      version: "production",
    });
    expect((await database.list({ account_id, name: "shop" })).result).toHaveLength(1);
    await database.delete(id, { account_id });
    expect(await refusal(database.get(id, { account_id }))).toMatchObject({ status: 404, code: 7404 });
  });

  it("refuses a name twice", async () => {
    await create("twice");
    expect(await refusal(create("twice"))).toMatchObject({ status: 400, code: 7502 });
  });

  it("runs several statements, in one transaction", async () => {
    const id = await create("several");
    const results = await query(id, "CREATE TABLE t (a TEXT); INSERT INTO t VALUES ('x;y'); SELECT a FROM t;");
    expect(results.map(({ results: rows }) => rows)).toEqual([[], [], [{ a: "x;y" }]]);
    expect(results[1]?.meta).toMatchObject({ changes: 1, changed_db: true });

    const failing = query(id, "INSERT INTO t VALUES ('lost'); INSERT INTO absent VALUES (1)");
    expect(await refusal(failing)).toMatchObject({
      status: 400,
      code: 7500,
      message: expect.stringMatching(/^no such table: absent/),
    });
    expect((await query(id, "SELECT count(*) AS n FROM t"))[0]?.results).toEqual([{ n: 1 }]);
  });

  it("binds parameters, and refuses them for several statements", async () => {
    const id = await create("params");
    expect((await query(id, "SELECT ?1 AS a, ?2 AS b", ["x", "y"]))[0]?.results).toEqual([{ a: "x", b: "y" }]);
    expect((await refusal(query(id, "SELECT ?1; SELECT ?1", ["x"]))).code).toBe(7500);
  });

  it("gives rows as arrays, with columns of one name apart", async () => {
    const id = await create("raw");
    const raw = (sql: string) => database.raw(id, { account_id, sql });
    expect((await raw("SELECT 1 AS a, 2 AS a")).result[0]?.results).toEqual({ columns: ["a", "a"], rows: [[1, 2]] });
    const written = await raw("CREATE TABLE t (a); INSERT INTO t VALUES (7) RETURNING a");
    expect(written.result[1]?.results).toEqual({ columns: ["a"], rows: [[7]] });
  });

  it("moves its bookmark with every write, and only then", async () => {
    const id = await create("bookmark");
    const bookmark = async () => (await database.timeTravel.getBookmark(id, { account_id })).bookmark as string;
    const before = await bookmark();
    await query(id, "SELECT 1");
    expect(await bookmark()).toBe(before);
    await query(id, "CREATE TABLE t (a)");
    expect((await bookmark()) > before).toBe(true);
  });

  it("keeps what was there before the schema was changed, and offers it to whoever asks for a time", async () => {
    const id = await create("undone");
    const path = `/accounts/${account_id}/d1/database/${id}/time_travel`;
    const asked = async (method: string, rest: string) => {
      const { status, body } = await test.api(method, `${path}/${rest}`);
      return [status, body.errors[0]?.message] as const;
    };
    const moment = encodeURIComponent(new Date().toISOString());
    expect(await asked("GET", `bookmark?timestamp=${moment}`)).toEqual([
      501,
      expect.stringContaining("no bookmark is kept of this one"),
    ]);
    await query(id, "CREATE TABLE t (a); INSERT INTO t VALUES (1)");
    await query(id, "INSERT INTO t VALUES (2)");
    await query(id, "-- a mistake\nDROP TABLE t");
    const [status, message] = await asked("POST", `restore?timestamp=${moment}`);
    expect([status, message]).toEqual([
      501,
      expect.stringMatching(/the kept bookmarks next to it are [0-9a-f-]{59} of /),
    ]);
    const [kept = ""] = /[0-9a-f-]{59}/.exec(message ?? "") ?? [];
    expect(await asked("POST", `restore?bookmark=${kept}`)).toEqual([200, undefined]);
    expect((await query(id, "SELECT a FROM t"))[0]?.results).toEqual([{ a: 1 }, { a: 2 }]);
    expect(await asked("POST", "restore?timestamp=yesterday")).toEqual([400, 'timestamp: "yesterday" is no time']);
  });
});
