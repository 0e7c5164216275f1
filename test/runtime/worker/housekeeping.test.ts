import { Edge, eventually } from "./harness";

const edge = new Edge();
/** Rows that the handler removes by one statement. */
const BATCH_ROWS = 1_000;
const NOW = Date.parse("2026-11-21T03:17:00Z");

beforeAll(() => edge.start({ GENERATION_RETENTION_DAYS: "7" }));
afterAll(() => edge.stop());

/** Puts rows in place of those that are there. */
async function generations(rows: { started: string; status?: string; count?: number }[]): Promise<void> {
  const db = await edge.mf.getD1Database("DB");
  await db.batch([
    db.prepare("DELETE FROM ui_generations"),
    db.prepare("INSERT OR IGNORE INTO shoppers (id, shop_id) VALUES ('alice', 'a-shop')"),
    db.prepare(
      "INSERT OR IGNORE INTO personas (hash, shopper_id, type, confidence, signals) VALUES ('h', 'alice', 'unknown', 0, '{}')",
    ),
    ...rows.map(({ started, status = "completed", count = 1 }) =>
      db
        .prepare(
          `WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < ?)
           INSERT INTO ui_generations (shopper_id, persona_hash, status, kv_key, started_at)
           SELECT 'alice', 'h', ?, 'key', ? FROM numbers`,
        )
        .bind(count, status, started),
    ),
  ]);
}

async function kept(): Promise<string[]> {
  const db = await edge.mf.getD1Database("DB");
  const { results } = await db
    .prepare("SELECT started_at FROM ui_generations ORDER BY id")
    .all<{ started_at: string }>();
  return results.map(({ started_at }) => started_at);
}

const linesOf = (): Record<string, unknown>[] =>
  edge.log
    .join("")
    .split("\n")
    .filter((line) => line.startsWith("{"))
    .map((line) => JSON.parse(line) as Record<string, unknown>);

/** Calls the handler as the cron does. */
async function run(): Promise<string> {
  edge.log.length = 0;
  const worker = await edge.mf.getWorker();
  return (await worker.scheduled({ cron: "17 3 * * *", scheduledTime: new Date(NOW) })).outcome;
}

/** As `run`; what it logged, line by line. */
async function runAndRead(): Promise<Record<string, unknown>[]> {
  expect(await run()).toBe("ok");
  return eventually(async () => (linesOf().length >= 3 ? linesOf() : undefined), "the lines of the log");
}

test("what is older than the retention goes, to the second and whatever became of it, and a line says so", async () => {
  await generations([
    { started: "2026-10-01 00:00:00" },
    { started: "2026-11-14 03:16:59", status: "pending" },
    { started: "2026-11-14 03:16:59", status: "failed" },
    { started: "2026-11-14 03:17:00" },
    { started: "2026-11-21 03:16:00" },
  ]);
  const lines = await runAndRead();
  expect(await kept()).toEqual(["2026-11-14 03:17:00", "2026-11-21 03:16:00"]);
  expect(lines.map(({ event }) => event)).toEqual([
    "generations_forgotten",
    "personas_forgotten",
    "shoppers_forgotten",
  ]);
  expect(lines.slice(0, 1)).toEqual([
    {
      time: expect.any(String) as string,
      level: "info",
      event: "generations_forgotten",
      rows: 3,
      before: "2026-11-14 03:17:00",
      done: true,
    },
  ]);
});

test("more than one statement removes go in several, and a second run finds nothing", async () => {
  await generations([
    { started: "2026-01-01 00:00:00", count: 2 * BATCH_ROWS + 1 },
    { started: "2026-11-20 00:00:00", count: 2 },
  ]);
  expect(await runAndRead()).toMatchObject([{ rows: 2 * BATCH_ROWS + 1, done: true }, {}, {}]);
  expect(await kept()).toHaveLength(2);
  expect(await runAndRead()).toMatchObject([{ rows: 0, done: true }, {}, {}]);
});

test("the stack says for how long", async () => {
  await edge.restart({ GENERATION_RETENTION_DAYS: "30" });
  await generations([{ started: "2026-10-22 03:17:00" }, { started: "2026-10-22 03:16:59" }]);
  await run();
  expect(await kept()).toEqual(["2026-10-22 03:17:00"]);
});

test("a run that fails is known to have failed, and has removed nothing that it should not", async () => {
  await generations([{ started: "2026-11-20 00:00:00" }]);
  await edge.restart({ GENERATION_RETENTION_DAYS: "for ever" });
  expect(await run()).toBe("exception");
  expect(await kept()).toHaveLength(1);
});

describe("shoppers", () => {
  const DAYS = (days: number): string => new Date(NOW - days * 86_400_000).toISOString().slice(0, 19).replace("T", " ");
  const left = async (table: "shoppers" | "personas"): Promise<string[]> => {
    const db = await edge.mf.getD1Database("DB");
    const name = table === "shoppers" ? "id" : "shopper_id || ':' || hash";
    const { results } = await db.prepare(`SELECT ${name} AS name FROM ${table} ORDER BY 1`).all<{ name: string }>();
    return results.map((row) => row.name);
  };

  /** Shoppers with the age of their last visit, their personas with their ages, the current one first, and what was made. */
  async function fill(
    shoppers: Record<string, { seen: number; personas: Record<string, number>; made?: [hash: string, age: number] }>,
  ): Promise<void> {
    const db = await edge.mf.getD1Database("DB");
    const statements = ["DELETE FROM ui_generations", "UPDATE shoppers SET current_persona_hash = NULL"];
    await db.batch(
      [...statements, "DELETE FROM personas", "DELETE FROM shoppers"].map((statement) => db.prepare(statement)),
    );
    for (const [id, { seen, personas, made }] of Object.entries(shoppers)) {
      const [current = null] = Object.keys(personas);
      await db.batch([
        db.prepare("INSERT INTO shoppers (id, shop_id, last_seen_at) VALUES (?, 'a-shop', ?)").bind(id, DAYS(seen)),
        ...Object.entries(personas).map(([hash, age]) =>
          db
            .prepare(
              "INSERT INTO personas (hash, shopper_id, type, confidence, signals, created_at) VALUES (?, ?, 'unknown', 0, '{}', ?)",
            )
            .bind(hash, id, DAYS(age)),
        ),
        db.prepare("UPDATE shoppers SET current_persona_hash = ? WHERE id = ?").bind(current, id),
        ...(made === undefined
          ? []
          : [
              db
                .prepare(
                  "INSERT INTO ui_generations (shopper_id, persona_hash, status, kv_key, started_at) VALUES (?, ?, 'completed', 'k', ?)",
                )
                .bind(id, made[0], DAYS(made[1])),
            ]),
      ]);
    }
  }

  beforeAll(() => edge.restart({ GENERATION_RETENTION_DAYS: "7" }));

  test("who were not seen for 30 days go with their personas, and nothing of those who are active does", async () => {
    await fill({
      gone: { seen: 30.01, personas: { now: 31, former: 90 } },
      "gone-without": { seen: 400, personas: {} },
      "just-here": { seen: 29.99, personas: { now: 29.99 } },
      active: { seen: 0, personas: { now: 300, recent: 3, made: 40 }, made: ["made", 6] },
    });
    expect(await runAndRead()).toMatchObject([{ rows: 0 }, { rows: 1 }, { rows: 2, done: true }]);
    expect(await left("shoppers")).toEqual(["active", "just-here"]);
    expect(await left("personas")).toEqual(["active:made", "active:now", "active:recent", "just-here:now"]);
  });

  test("lose the personas that they had long ago and nothing was made with since, but not the one they have", async () => {
    await fill({ active: { seen: 0, personas: { now: 300, old: 31, young: 29 }, made: ["old", 8] } });
    expect(await runAndRead()).toMatchObject([{ rows: 1 }, { rows: 1 }, { rows: 0 }]);
    expect(await left("personas")).toEqual(["active:now", "active:young"]);
  });

  test("stay for as long as a generation of theirs is kept", async () => {
    await edge.restart({ GENERATION_RETENTION_DAYS: "90" });
    await fill({ gone: { seen: 60, personas: { now: 60 }, made: ["now", 60] } });
    await runAndRead();
    expect(await left("shoppers")).toEqual(["gone"]);
  });

  test("and generations are found by an index, not by reading everything", async () => {
    // oxlint-disable-next-line typescript/no-require-imports -- its types are of the Worker's world, which tests do not have
    const { FORGETTING } = require("../../../runtime/worker/housekeeping") as { FORGETTING: Record<string, string> };
    const db = await edge.mf.getD1Database("DB");
    for (const [table, statement] of Object.entries(FORGETTING)) {
      const plan = await db.prepare(`EXPLAIN QUERY PLAN ${statement}`).bind("2026-01-01").all<{ detail: string }>();
      const steps = plan.results.map(({ detail }) => detail).join("\n");
      expect([table, steps]).toEqual([table, expect.not.stringMatching(/\bSCAN (?!CONSTANT)|TEMP B-TREE/) as string]);
      expect(steps).toMatch(/USING (?:COVERING )?INDEX idx_(?:generations_started|personas_created|shoppers_seen)/);
    }
  });
});
