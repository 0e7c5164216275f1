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

test("a lost answer is looked up, never applied twice", async () => {
  loseAnswers = true;
  const { outs } = await tested.provider.create(URN, inputs(initial, second));
  expect(outs.level).toBe("0002_second.sql");
  expect(applied()).toHaveLength(2);
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
