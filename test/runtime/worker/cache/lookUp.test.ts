import { gzipSync } from "node:zlib";
import type { CachedUI } from "../../../../runtime/contract/cachedUi";
import { Timing } from "../../../../runtime/worker/http/timing";

/** What of a Worker's bindings is used here; the whole of them has types that Node does not know. */
type Env = Record<string, { get: () => Promise<unknown> }>;
type Find = (where: typeof variant, look: { env: Env; log: object; timing: Timing }) => Promise<unknown>;
const { findInKv, findInR2 } = jest.requireActual<{ findInKv: Find; findInR2: Find }>(
  "../../../../runtime/worker/cache/lookUp",
);

const variant = { store: "magic-wands", subject: "alice", personaHash: "v2_unknown_0_00000000" };
const page: CachedUI = {
  version: 1,
  format: "layout",
  ui: { html: "<!doctype html><p>hello</p>", components: [] },
  meta: { persona_type: "unknown", generated_at: "2026-11-21T10:00:00.000Z", model: "m", generation_time_ms: 1 },
  shop_context: { shop_id: "magic-wands", product_count: 1 },
  source: "model",
  catalogue_version: "0123456789abcdef",
  csp_hash: "sha256-abc=",
};
const bytesOf = (value: unknown): ArrayBuffer => new Uint8Array(gzipSync(JSON.stringify(value))).buffer;

const logged: string[] = [];
const log = { error: (event: string) => void logged.push(event) };
const kvGiving = (get: () => Promise<ArrayBuffer | null>): Env => ({ UI_CACHE: { get } });
const r2Giving = (get: () => Promise<unknown>): Env => ({ UI_STORAGE: { get } });
const look = (env: Env) => ({ env, log, timing: new Timing() });
const object = (record: unknown = page, personaHash: string | undefined = variant.personaHash) => ({
  customMetadata: { record: Buffer.from(bytesOf(record)).toString("base64"), persona_hash: personaHash },
  text: () => Promise.resolve(page.ui.html),
});
const after = <Value>(ms: number, value: Value): Promise<Value> =>
  new Promise((resolve) => {
    setTimeout(() => resolve(value), ms);
  });

beforeEach(() => {
  logged.length = 0;
  jest.useFakeTimers();
});
afterEach(() => jest.useRealTimers());

describe("a page in R2", () => {
  it("is found when R2 answers within 40 ms, and not a moment later", async () => {
    const inTime = findInR2(variant, look(r2Giving(() => after(39, object()))));
    await jest.advanceTimersByTimeAsync(39);
    expect(await inTime).toMatchObject({
      tier: "r2",
      personaHash: variant.personaHash,
      page: { ui: { html: page.ui.html } },
    });
    const late = findInR2(variant, look(r2Giving(() => after(41, object()))));
    await jest.advanceTimersByTimeAsync(40);
    expect(await late).toBeUndefined();
    await jest.advanceTimersByTimeAsync(10);
    expect(logged).toEqual([]);
  });

  it("counts the body's time too", async () => {
    const slow = { ...object(), text: () => after(60, page.ui.html) };
    const found = findInR2(variant, look(r2Giving(() => after(5, slow))));
    await jest.advanceTimersByTimeAsync(40);
    expect(await found).toBeUndefined();
  });

  it("is a miss when R2 fails, at once or too late, and the failure is logged", async () => {
    expect(await findInR2(variant, look(r2Giving(() => Promise.reject(new Error("down")))))).toBeUndefined();
    const late = findInR2(
      variant,
      look(r2Giving(() => after(100, undefined).then(() => Promise.reject(new Error("down"))))),
    );
    await jest.advanceTimersByTimeAsync(40);
    expect(await late).toBeUndefined();
    await jest.advanceTimersByTimeAsync(100);
    expect(logged).toEqual(["tier_failed", "tier_failed"]);
  });

  it.each<[string, unknown]>([
    ["there is no object", null],
    ["the object has no record", { ...object(), customMetadata: {} }],
    ["the object says for no persona", { ...object(), customMetadata: { record: object().customMetadata.record } }],
    ["the record is no page", object({ version: 2 })],
  ])("is a miss when %s", async (_why, answer) => {
    expect(await findInR2(variant, look(r2Giving(() => Promise.resolve(answer))))).toBeUndefined();
  });
});

describe("a page in KV", () => {
  beforeEach(() => jest.useRealTimers()); // unpacking is work of other threads

  it("is read packed and plain", async () => {
    const plain = new TextEncoder().encode(JSON.stringify(page)).buffer;
    for (const bytes of [bytesOf(page), plain]) {
      const found = await findInKv(variant, look(kvGiving(() => Promise.resolve(bytes as ArrayBuffer))));
      expect(found).toMatchObject({ tier: "kv", page: { ui: { html: page.ui.html }, source: "model" } });
    }
  });

  it("is a miss when KV fails", async () => {
    expect(await findInKv(variant, look(kvGiving(() => Promise.reject(new Error("down")))))).toBeUndefined();
    expect(logged).toEqual(["tier_failed"]);
  });

  it.each<[string, unknown]>([
    ["no JSON", new TextEncoder().encode("{ not json").buffer],
    ["half of a packed value", bytesOf(page).slice(0, 60)],
    ["nothing", new ArrayBuffer(0)],
    ["another version", bytesOf({ ...page, version: 2 })],
    ["no html", bytesOf({ ...page, ui: { components: [] } })],
    ["a hash that would end a header", bytesOf({ ...page, csp_hash: "x'; script-src *" })],
    ["another source", bytesOf({ ...page, source: "shopper" })],
    ["no time", bytesOf({ ...page, meta: { ...page.meta, generated_at: "yesterday" } })],
  ])("is a miss with %s", async (_what, bytes) => {
    expect(await findInKv(variant, look(kvGiving(() => Promise.resolve(bytes as ArrayBuffer))))).toBeUndefined();
  });
});
