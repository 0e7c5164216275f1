import { writeRows, type LedgerRow } from "../../../runtime/worker/pool/ledger";
import { Edge, eventually } from "./harness";
import { storeRecord } from "./support/store";

/**
 * The queries of the Worker's contract with D1, word for word. One thing in its schema could not work and is corrected: there
 * `personas` was keyed by `hash`, although two shoppers can have the same. Here its key is (shopper_id, hash), and the foreign
 * keys to it have both columns. Three things follow. A shopper's row comes before its persona, and its current persona after
 * that. Inserting a persona that is known fails (the Worker adds ON CONFLICT DO NOTHING). And the first query below finds
 * a row for everybody with the same hash, so the Worker's own adds AND p.shopper_id = s.id.
 */
const GET_SHOPPER = `
  SELECT 
    s.id as shopper_id,
    s.shop_id,
    s.current_persona_hash,
    p.type as persona_type,
    p.confidence,
    p.signals
  FROM shoppers s
  LEFT JOIN personas p ON s.current_persona_hash = p.hash
  WHERE s.id = ?
`;
const UPSERT_SHOPPER = `
  INSERT INTO shoppers (id, shop_id, session_id, current_persona_hash)
  VALUES (?, ?, ?, ?)
  ON CONFLICT(id) DO UPDATE SET
    last_seen_at = datetime('now'),
    current_persona_hash = excluded.current_persona_hash
`;
const INSERT_PERSONA = `
  INSERT INTO personas (hash, shopper_id, type, confidence, signals)
  VALUES (?, ?, ?, ?, ?)
`;
const RECORD_START = `
  INSERT INTO ui_generations (shopper_id, persona_hash, status, kv_key)
  VALUES (?, ?, 'pending', ?)
  RETURNING id
`;
const RECORD_SUCCESS = `
  UPDATE ui_generations 
  SET status = 'completed', completed_at = datetime('now')
  WHERE id = ?
`;
const RECORD_FAILURE = `
  UPDATE ui_generations 
  SET status = 'failed', completed_at = datetime('now'), error_message = ?
  WHERE id = ?
`;

const edge = new Edge();
const STORE = "magic-wands";
const HASH = "v1_minimalist_85_a1b2c3d4";
const SIGNALS = JSON.stringify({ price_sensitivity: "low" });

type Value = string | number | null;
async function run(query: string, ...values: Value[]): Promise<Record<string, unknown>[]> {
  const db = await edge.mf.getD1Database("DB");
  return (
    await db
      .prepare(query)
      .bind(...values)
      .all<Record<string, unknown>>()
  ).results;
}

beforeAll(async () => {
  await edge.start();
  await edge.putStore(storeRecord(STORE));
});
afterAll(() => edge.stop());

describe("the contract's queries", () => {
  it("run as they are written, in the order that foreign keys want", async () => {
    await run(UPSERT_SHOPPER, "alice", STORE, "session-1", null);
    await run(INSERT_PERSONA, HASH, "alice", "minimalist", 0.85, SIGNALS);
    await run(UPSERT_SHOPPER, "alice", STORE, "session-1", HASH);
    expect(await run(GET_SHOPPER, "alice")).toEqual([
      {
        shopper_id: "alice",
        shop_id: STORE,
        current_persona_hash: HASH,
        persona_type: "minimalist",
        confidence: 0.85,
        signals: SIGNALS,
      },
    ]);
    const ids = [];
    for (const key of ["first", "second"]) ids.push((await run(RECORD_START, "alice", HASH, key))[0]?.["id"] as number);
    await run(RECORD_SUCCESS, ids[0] ?? 0);
    await run(RECORD_FAILURE, "TIMEOUT", ids[1] ?? 0);
    expect(await run("SELECT status, error_message, completed_at > '2020' AS ended FROM ui_generations")).toEqual([
      { status: "completed", error_message: null, ended: 1 },
      { status: "failed", error_message: "TIMEOUT", ended: 1 },
    ]);
  });

  it("let two shoppers have the same persona", async () => {
    await run(UPSERT_SHOPPER, "bob", STORE, null, null);
    await run(INSERT_PERSONA, HASH, "bob", "minimalist", 0.85, "{}");
    await run(UPSERT_SHOPPER, "bob", STORE, null, HASH);
    expect(await run(`${GET_SHOPPER} AND p.shopper_id = s.id`, "bob")).toMatchObject([{ signals: "{}" }]);
  });
});

describe("the rows that the Worker writes", () => {
  const row = (store: string, status: LedgerRow["status"]): LedgerRow => ({
    store,
    subject: "frank",
    persona_hash: HASH,
    persona: { type: "minimalist", confidence: 0.85, signals: {} },
    kv_key: `ui:${store}:frank:${HASH}`,
    status,
    started_at: "2026-01-02 03:04:05.678",
    completed_at: status === "pending" ? null : "2026-01-02 03:04:06.000",
    error: null,
  });

  it("are one for a job however often they are written, and two for two stores' in the same millisecond", async () => {
    const db = await edge.mf.getD1Database("DB");
    await writeRows(db, [row(STORE, "pending"), row("other-shop", "pending")]);
    await writeRows(db, [row(STORE, "completed")]);
    await writeRows(db, [row(STORE, "completed"), row(STORE, "failed")]);
    expect(await run("SELECT kv_key, status FROM ui_generations WHERE shopper_id = 'frank' ORDER BY id")).toEqual([
      { kv_key: `ui:${STORE}:frank:${HASH}`, status: "completed" },
      { kv_key: `ui:other-shop:frank:${HASH}`, status: "pending" },
    ]);
  });
});

describe("the schema", () => {
  it("has foreign keys on", async () => {
    expect(await run("PRAGMA foreign_keys")).toEqual([{ foreign_keys: 1 }]);
  });

  it.each([
    ["a persona of nobody", INSERT_PERSONA, [HASH, "nobody", "minimalist", 0.5, "{}"], /FOREIGN KEY/],
    ["a shopper with a persona that is not there", UPSERT_SHOPPER, ["carol", STORE, null, HASH], /FOREIGN KEY/],
    ["a generation for another's persona", RECORD_START, ["carol", HASH, "key"], /FOREIGN KEY/],
    ["a persona twice", INSERT_PERSONA, [HASH, "alice", "minimalist", 0.5, "{}"], /UNIQUE/],
    ["a type that there is not", INSERT_PERSONA, ["h", "alice", "dancer", 0.5, "{}"], /CHECK/],
    ["a confidence over 1", INSERT_PERSONA, ["h", "alice", "minimalist", 1.01, "{}"], /CHECK/],
    ["signals that are no JSON", INSERT_PERSONA, ["h", "alice", "minimalist", 1, "{"], /CHECK|malformed/],
    ["the removal of a shopper who has personas", "DELETE FROM shoppers WHERE id = ?", ["alice"], /FOREIGN KEY/],
  ] as [string, string, Value[], RegExp][])("refuses %s", async (_what, query, values, reason) => {
    await expect(run(query, ...values)).rejects.toThrow(reason);
  });

  it("has the contract's four indexes, and those that forgetting goes by", async () => {
    const rows = await run("SELECT name FROM sqlite_master WHERE type = 'index' AND name LIKE 'idx_%' ORDER BY name");
    expect(rows.map(({ name }) => name)).toEqual([
      "idx_generations_shopper",
      "idx_generations_started",
      "idx_generations_status",
      "idx_personas_created",
      "idx_personas_shopper",
      "idx_shoppers_persona",
      "idx_shoppers_seen",
      "idx_shoppers_shop",
    ]);
  });
});

test("no HTML is in any row after a page was made", async () => {
  await edge.fetch(`/s/${STORE}?shopper=dora`);
  await edge.until(STORE, "dora", "ready");
  const done = () => run("SELECT 1 FROM ui_generations WHERE shopper_id = 'dora' AND status = 'completed'");
  await eventually(async () => ((await done()).length > 0 ? true : undefined), "the row of the page");
  const tables = await run("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '\\_%' ESCAPE '\\'");
  const rows = await Promise.all(tables.map(({ name }) => run(`SELECT * FROM "${String(name)}"`)));
  expect(rows.flat().length).toBeGreaterThan(3);
  expect(JSON.stringify(rows)).not.toMatch(/[<>]/);
});
