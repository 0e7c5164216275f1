import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { readMigrations } from "../../../infra/components/readMigrations";
import type { Answer, Received } from "../httpDouble";
import { ACCOUNT, testProvider, type Tested, urnOf } from "./setup";

const URN = urnOf("D1Migrations");
const [initial] = readMigrations(join(__dirname, "../../../infra/migrations"));
const second = { name: "0002_second.sql", sql: "CREATE TABLE second (id TEXT);", checksum: "2".repeat(64) };
const broken = { name: "0003_broken.sql", sql: "CREATE TABLE third (id TEXT); SELEKT 1;", checksum: "3".repeat(64) };
const inputs = (...migrations: unknown[]) => ({ accountId: ACCOUNT, databaseId: "db-1", migrations });

let database: DatabaseSync;
let loseAnswers = false;
let tested: Tested;

/** D1's part of the API over a real SQLite; one query call is one transaction, as D1's is. */
function answer({ path, body }: Received): Answer {
  if (path.endsWith("/time_travel/bookmark")) return { result: { bookmark: "b-1" } };
  const { sql } = body as { sql: string };
  if (sql.startsWith("SELECT")) return { result: [{ success: true, results: database.prepare(sql).all() }] };
  try {
    database.exec(`BEGIN; ${sql} COMMIT;`);
  } catch (error) {
    database.exec("ROLLBACK;");
    return { status: 400, error: { code: 7500, message: String(error) } };
  }
  return loseAnswers && sql.includes("INSERT") ? "hang up" : { result: [{ success: true, results: [] }] };
}

beforeEach(async () => {
  loseAnswers = false;
  database = new DatabaseSync(":memory:");
  tested = await testProvider(answer);
});
afterEach(async () => {
  await tested.double.close();
  database.close();
});

const failure = async (call: Promise<unknown>): Promise<string> =>
  call.then(
    () => "expected a failure",
    (error: unknown) => (error as Error).message,
  );
const applied = () => database.prepare("SELECT id, name FROM d1_migrations ORDER BY id").all();
const queries = () => tested.double.received.map(({ path }) => path.split("/db-1/")[1]);

test("an empty database gets every file once, after a bookmark", async () => {
  const { id, outs } = await tested.provider.create(URN, inputs(initial, second));
  expect([id, outs.level, outs.bookmark]).toEqual(["db-1", "0002_second.sql", "b-1"]);
  expect(applied()).toEqual([
    { id: 1, name: "0001_initial.sql" },
    { id: 2, name: "0002_second.sql" },
  ]);
  expect(queries()).toEqual(["query", "query", "time_travel/bookmark", "query", "query"]);
});

test("a database that another tool has migrated gets only what it lacks", async () => {
  database.exec(
    "CREATE TABLE d1_migrations(id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT UNIQUE, " +
      "applied_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP NOT NULL); INSERT INTO d1_migrations (name) VALUES ('0001_initial.sql');",
  );
  await tested.provider.create(URN, inputs(initial, second));
  expect(applied()).toHaveLength(2);
  expect(() => database.prepare("SELECT * FROM shoppers")).toThrow(/no such table/);
});

test("with nothing to apply no bookmark is taken, and the last one is kept", async () => {
  const { outs } = await tested.provider.create(URN, inputs(initial));
  tested.double.received.length = 0;
  const updated = await tested.provider.update("db-1", URN, outs, inputs(initial));
  expect(updated.outs.bookmark).toBe("b-1");
  expect(queries()).toEqual(["query", "query"]);
});

test("a file that fails leaves the database at the one before, and says where to go back to", async () => {
  await expect(tested.provider.create(URN, inputs(initial, second, broken))).rejects.toThrow(
    /0003_broken\.sql failed.*bookmark b-1/,
  );
  expect(applied()).toHaveLength(2);
  expect(() => database.prepare("SELECT * FROM third")).toThrow(/no such table/);
});

test("what a failing file says: which one, why, where the database is and how to go on", async () => {
  const before = await failure(tested.provider.create(URN, inputs(initial, second, broken)));
  expect(before).toMatch(
    /^The migration 0003_broken\.sql failed and left nothing behind: .*SELEKT.*\. The database is at 0002_second\.sql\. The next deployment goes on from what it has; .* bookmark b-1\.$/,
  );
  const mended = { ...broken, sql: "CREATE TABLE third (id TEXT);", checksum: "4".repeat(64) };
  expect((await tested.provider.create(URN, inputs(initial, second, mended))).outs.level).toBe("0003_broken.sql");
  expect(applied()).toHaveLength(3);
});

test("a first file that fails leaves a database without migrations, and says so", async () => {
  const first = { ...broken, name: "0001_broken.sql" };
  expect(await failure(tested.provider.create(URN, inputs(first)))).toContain(
    "The database has none of the migrations before it.",
  );
  expect(applied()).toEqual([]);
});

test("rows of files that this program lacks are newer code's: nothing is applied", async () => {
  await tested.provider.create(URN, inputs(initial));
  database.exec("INSERT INTO d1_migrations (name) VALUES ('0009_newer.sql')");
  const refused = await failure(tested.provider.create(URN, inputs(initial, second)));
  expect(refused).toMatch(
    /migrated by newer or other code: it has 0009_newer\.sql, which this program lacks\. Nothing was applied/,
  );
  expect(applied()).toHaveLength(2);
});

test("a new file that would come before one that is applied is refused", async () => {
  const late = { ...second, name: "0002_late.sql" };
  await tested.provider.create(URN, inputs(initial, { ...second, name: "0003_second.sql" }));
  const refused = await failure(
    tested.provider.update("db-1", URN, inputs(initial), inputs(initial, late, { ...second, name: "0003_second.sql" })),
  );
  expect(refused).toMatch(/0002_late\.sql comes before 0003_second\.sql.*Number the file higher/);
  expect(applied()).toHaveLength(2);
});

test("a table that another version of wrangler made is taken as it is", async () => {
  database.exec(
    "CREATE TABLE d1_migrations(id INTEGER PRIMARY KEY, name TEXT, applied_at TEXT); " +
      "INSERT INTO d1_migrations (name, applied_at) VALUES ('0001_initial.sql', '2024-01-01T10:00:00.000Z');",
  );
  expect((await tested.provider.create(URN, inputs(initial, second))).outs.level).toBe("0002_second.sql");
  expect(applied()).toHaveLength(2);
});

describe("an import", () => {
  test("knows names only, and then differs in nothing from the files", async () => {
    await tested.provider.create(URN, inputs(initial, second));
    const { id, props, inputs: imported = {} } = await tested.provider.read(`${ACCOUNT}/db-1`, URN);
    expect(id).toBe("db-1");
    expect(props.level).toBe("0002_second.sql");
    expect(imported.migrations).toMatchObject([
      { name: "0001_initial.sql", sql: "(not read back)" },
      { name: "0002_second.sql" },
    ]);
    expect(await tested.provider.diff("db-1", URN, props, inputs(initial, second), imported)).toMatchObject({
      changes: false,
    });
    expect(await tested.provider.diff("db-1", URN, props, inputs(initial, second, broken), imported)).toMatchObject({
      changes: true,
    });
  });

  test("of a database without migrations finds nothing", async () => {
    expect((await tested.provider.read(`${ACCOUNT}/db-1`, URN)).id).toBe("");
  });

  test("whose text was never filled in cannot be applied anywhere else", async () => {
    await tested.provider.create(URN, inputs(initial));
    const { inputs: imported = {} } = await tested.provider.read(`${ACCOUNT}/db-1`, URN);
    database.exec("DELETE FROM d1_migrations");
    expect(await failure(tested.provider.create(URN, imported))).toMatch(
      /text of the migration 0001_initial\.sql is missing/,
    );
  });
});

test("a refresh shows a file that newer code has applied, and check says what that means", async () => {
  const { outs } = await tested.provider.create(URN, inputs(initial));
  database.exec("INSERT INTO d1_migrations (name) VALUES ('0009_newer.sql')");
  const { props, inputs: read = {} } = await tested.provider.read("db-1", URN, outs);
  expect(props.level).toBe("0009_newer.sql");
  expect(tested.provider.changes(URN, props, inputs(initial))).toEqual([{ path: "migrations[1]", kind: "delete" }]);
  expect((await tested.provider.check(URN, read, inputs(initial))).failures).toEqual([
    {
      property: "migrations",
      reason: expect.stringMatching(/0009_newer\.sql is applied to the database and not in this program/),
    },
  ]);
});

test("a lost answer is looked up, never applied twice", async () => {
  loseAnswers = true;
  const { outs } = await tested.provider.create(URN, inputs(initial, second));
  expect(outs.level).toBe("0002_second.sql");
  expect(applied()).toHaveLength(2);
});

describe("an answer that stays lost", () => {
  let tries: number;
  let onTry: (sql: string) => void;
  beforeEach(async () => {
    tries = 0;
    await tested.double.close();
    tested = await testProvider((request) => {
      const { sql = "" } = (request.body ?? {}) as { sql?: string };
      if (!sql.includes("INSERT")) return answer(request);
      tries += 1;
      onTry(sql);
      return tries === 1 ? "hang up" : answer(request);
    });
  });

  test("is asked for again where nothing was applied", async () => {
    onTry = () => {};
    expect((await tested.provider.create(URN, inputs(initial))).outs.level).toBe("0001_initial.sql");
    expect([tries, tested.waits, applied().length]).toEqual([2, [2000], 1]);
  });

  test("and was carried out late makes the second try fail, which is no failure", async () => {
    onTry = (sql) => void (tries === 2 && database.exec(sql));
    expect((await tested.provider.create(URN, inputs(initial))).outs.level).toBe("0001_initial.sql");
    expect([tries, applied().length]).toEqual([2, 1]);
  });

  test("for good is told as what it is", async () => {
    onTry = () => (tries = 1);
    expect(await failure(tested.provider.create(URN, inputs(initial)))).toMatch(
      /0001_initial\.sql may have failed, nobody answered/,
    );
    expect(tested.waits).toEqual([2000, 2000]);
  });
});

describe("check", () => {
  const failures = async (olds: object, news: object) => (await tested.provider.check(URN, olds, news)).failures;

  test("an applied file may neither be edited nor removed", async () => {
    const edited = { ...initial, checksum: "f".repeat(64) };
    expect(await failures(inputs(initial), inputs(edited))).toEqual([
      { property: "migrations", reason: expect.stringMatching(/0001_initial\.sql was edited/) },
    ]);
    expect(await failures(inputs(initial, second), inputs(initial))).toEqual([
      { property: "migrations", reason: expect.stringMatching(/0002_second\.sql was removed/) },
    ]);
  });

  test("the same file with other line ends is the same; with another line it is not", async () => {
    const crlf = { ...second, sql: "CREATE TABLE second (\r\n  id TEXT);", checksum: "c".repeat(64) };
    const lf = { ...crlf, sql: crlf.sql.replace("\r", ""), checksum: "d".repeat(64) };
    expect(await failures(inputs(crlf), inputs(lf))).toEqual([]);
    expect(await failures(inputs(crlf), inputs({ ...lf, sql: `${lf.sql}\n` }))).toHaveLength(1);
  });

  test("what a preview does not know yet is passed over", async () => {
    const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
    expect(await failures(inputs(initial), { ...inputs(), migrations: unknown })).toEqual([]);
    expect(await failures(inputs(initial, second), inputs(initial, unknown))).toEqual([]);
    expect(await failures({}, inputs(second, initial, { ...second, name: unknown }))).toHaveLength(1);
  });

  test("a new file, another database and a database that is not known yet are fine", async () => {
    const edited = { ...initial, checksum: "f".repeat(64) };
    expect(await failures(inputs(initial), inputs(initial, second))).toEqual([]);
    expect(await failures(inputs(initial), { ...inputs(edited), databaseId: "db-2" })).toEqual([]);
    expect(await failures({}, { ...inputs(initial), databaseId: "04da6b54-80e4-46f7-96ec-b56ff0331ba9" })).toEqual([]);
  });

  test("files are in the order of their numbers", async () => {
    const tenth = { ...second, name: "10_tenth.sql" };
    const ninth = { ...second, name: "9_ninth.sql" };
    expect(await failures({}, inputs(ninth, tenth))).toEqual([]);
    expect(await failures({}, inputs(tenth, ninth))).toHaveLength(1);
    expect(await failures({}, inputs(second, second))).toHaveLength(1);
  });
});

test("diff compares checksums; another database replaces", async () => {
  const { outs } = await tested.provider.create(URN, inputs(initial));
  const diff = (news: Record<string, unknown>) => tested.provider.diff("db-1", URN, outs, news);
  expect(await diff(inputs({ ...initial, sql: "other text, same checksum" }))).toMatchObject({ changes: false });
  expect(await diff(inputs(initial, second))).toMatchObject({ changes: true, replaces: [] });
  expect(await diff({ ...inputs(initial), databaseId: "db-2" })).toMatchObject({
    changes: true,
    replaces: ["databaseId"],
  });
});

test("read says what the database has, so that a reset one is migrated again", async () => {
  const { outs } = await tested.provider.create(URN, inputs(initial, second));
  database.exec("DELETE FROM d1_migrations WHERE name = '0002_second.sql'");
  const { props } = await tested.provider.read("db-1", URN, outs);
  expect(props.level).toBe("0001_initial.sql");
  expect(await tested.provider.diff("db-1", URN, props, inputs(initial, second))).toMatchObject({ changes: true });
});

test("read of a database that nobody has migrated finds nothing, and changes nothing", async () => {
  expect((await tested.provider.read("db-1", URN, inputs(initial))).id).toBe("");
  expect(database.prepare("SELECT * FROM sqlite_master").all()).toEqual([]);
});

test("the first schema takes shopper, persona and the shopper's persona in this order", () => {
  database.exec("PRAGMA foreign_keys = ON");
  database.exec(initial?.sql ?? "");
  const persona = (shopper: string, confidence = 0.5) =>
    database.exec(
      `INSERT INTO personas (shopper_id, hash, type, confidence, signals) VALUES ('${shopper}', 'h', 'explorer', ${confidence}, '{}')`,
    );
  database.exec("INSERT INTO shoppers (id, shop_id) VALUES ('alice', 's'), ('bob', 's')");
  persona("alice");
  persona("bob"); // two shoppers share a hash
  database.exec("UPDATE shoppers SET current_persona_hash = 'h' WHERE id = 'alice'");
  expect(() => database.exec("UPDATE shoppers SET current_persona_hash = 'other' WHERE id = 'bob'")).toThrow(
    /FOREIGN KEY/,
  );
  expect(() => persona("carol")).toThrow(/FOREIGN KEY/);
  database.exec("INSERT INTO shoppers (id, shop_id) VALUES ('carol', 's')");
  expect(() => persona("carol", 1.1)).toThrow(/CHECK/);
  const indexes = database.prepare("SELECT name FROM sqlite_master WHERE type = 'index' AND name LIKE 'idx_%'").all();
  expect(indexes).toHaveLength(4);
});
