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
  return eventually(async () => (linesOf().length > 0 ? linesOf() : undefined), "a line of the log");
}

test("what is older than the retention goes, to the second and whatever became of it, and one line says so", async () => {
  await generations([
    { started: "2026-10-01 00:00:00" },
    { started: "2026-11-14 03:16:59", status: "pending" },
    { started: "2026-11-14 03:16:59", status: "failed" },
    { started: "2026-11-14 03:17:00" },
    { started: "2026-11-21 03:16:00" },
  ]);
  const lines = await runAndRead();
  expect(await kept()).toEqual(["2026-11-14 03:17:00", "2026-11-21 03:16:00"]);
  expect(lines).toEqual([
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
  expect(await runAndRead()).toMatchObject([{ rows: 2 * BATCH_ROWS + 1, done: true }]);
  expect(await kept()).toHaveLength(2);
  expect(await runAndRead()).toMatchObject([{ rows: 0, done: true }]);
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
