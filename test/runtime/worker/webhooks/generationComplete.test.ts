import { createHmac } from "node:crypto";
import { Edge, eventually } from "../harness";
import { pageFor } from "../support/generator";
import { keptBy, ofShopper } from "../support/kept";
import { storeRecord } from "../support/store";
import type { GenerateResponse } from "../../../../runtime/contract/generate";
import type { ShopperApi } from "../../../../runtime/worker/shopper/api";

const edge = new Edge();
const STORE = "tea-house";
const HASH = "v2_collector_80_0123abcd";
const KEY = "webhook-key-of-the-tests";

beforeAll(async () => {
  await edge.start({ GENERATION_TRIGGER: "returning" });
  await edge.putStore(storeRecord(STORE));
  await edge.putStore(storeRecord("asks-first", { settings: { consent_required: true } }));
});
afterAll(() => edge.stop());

/** A page of another generator, as the legacy webhook has it. */
function completed(shopper: string, change: (page: GenerateResponse) => void = () => undefined): object {
  const { products } = storeRecord(STORE).catalogue;
  const page = pageFor(
    {
      shopper_id: shopper,
      persona: {
        type: "collector",
        confidence: 0.8,
        signals: { avg_order_value: 0, category_preferences: [], price_sensitivity: "low", browsing_patterns: [] },
      },
      shop: { shop_id: STORE, products, brand_guidelines: storeRecord(STORE).brand },
    },
    "model",
  );
  page.ui.persona_hash = HASH;
  page.ui.html = "<!doctype html><script>alert('theirs')</script>";
  change(page);
  return { store: STORE, shopper, persona_hash: HASH, ...page };
}

async function send(body: unknown, sign: (text: string) => string | undefined = signed) {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  const signature = sign(text);
  const response = await edge.fetch("/webhook/generation-complete", {
    method: "POST",
    body: text,
    headers: signature === undefined ? {} : { "X-Wand-Signature": signature },
  });
  return { status: response.status, body: await response.json() };
}

const hexOf = (text: string, key = KEY): string => createHmac("sha256", key).update(text).digest("hex");
const signed = (text: string): string => `sha256=${hexOf(text)}`;
const stored = { status: 200, body: { outcome: "stored" } };
const refusal = (field: string) => ({
  status: 400,
  body: { error: expect.objectContaining({ code: "BAD_REQUEST", field }) },
});

async function objectOf(shopper: string): Promise<string | undefined> {
  const object = await (await edge.mf.getR2Bucket("UI_STORAGE")).get(`generated/${STORE}:${shopper}.html`);
  return object?.text();
}

it("stores a page that was made elsewhere, drawn by our own renderer, where the queue stores ours", async () => {
  expect(await send(completed("alice"))).toEqual(stored);
  const pages = await edge.mf.getKVNamespace("UI_CACHE");
  expect((await pages.list({ prefix: `ui:${STORE}:alice:` })).keys.map(({ name }) => name)).toEqual([
    `ui:${STORE}:alice:${HASH}`,
  ]);
  expect(await objectOf("alice")).toContain('data-persona="collector"');
  expect(await objectOf("alice")).not.toContain("theirs");
  const page = await eventually(async () => {
    const response = await edge.fetch(`/s/${STORE}?shopper=alice`);
    return response.headers.get("X-Wand-Source") === "kv" ? response : undefined;
  }, "the page to be shown");
  expect(page.headers.get("X-Wand-Persona")).toBe("collector");
  expect(await page.text()).not.toContain("theirs");
});

it.each<[string, (text: string) => string | undefined]>([
  ["no signature", () => undefined],
  ["another key's", (text) => hexOf(text, "another key")],
  ["another body's", () => hexOf("{}")],
  ["base64", (text) => createHmac("sha256", KEY).update(text).digest("base64")],
])("takes nothing with %s", async (_, sign) => {
  expect(await send(completed("mallory"), sign)).toEqual({
    status: 401,
    body: { error: expect.objectContaining({ code: "BAD_SIGNATURE" }) },
  });
  expect(await objectOf("mallory")).toBeUndefined();
});

it("takes a signature without its prefix as well", async () => {
  expect(await send(completed("bare"), (text) => hexOf(text))).toEqual(stored);
});

it.each<[string, object | string]>([
  ["body", "{"],
  ["store", { ...completed("bob"), store: "No Store" }],
  ["shopper", { ...completed("bob"), shopper: "cohort" }],
  ["persona_hash", { ...completed("bob"), persona_hash: "mine" }],
  ["persona_hash", { ...completed("bob"), persona_hash: "v2_stranger_80_0123abcd" }],
  ["status", { ...completed("bob"), status: "error" }],
  ["ui.format", completed("bob", ({ ui }) => (ui.format = "html"))],
  ["ui.components", completed("bob", ({ ui }) => (ui.components = []))],
  [
    "meta.generated_at",
    completed("bob", ({ meta }) => (meta.generated_at = new Date(Date.now() + 120_000).toISOString())),
  ],
  [
    "meta.generated_at",
    completed("bob", ({ meta }) => (meta.generated_at = new Date(Date.now() - 400_000).toISOString())),
  ],
  [
    "ui.components.0.config",
    completed("bob", ({ ui }) => {
      ui.components = [
        {
          type: "grid",
          id: "grid",
          config: {
            title: "",
            columns: 3,
            product_ids: ["thing-1", "no-such"],
            density: "regular",
            item: "card",
            show: [],
          },
        },
      ];
    }),
  ],
])("names %s when that is what is wrong", async (field, body) => {
  expect(await send(body)).toEqual(refusal(field));
  expect(await objectOf("bob")).toBeUndefined();
});

it("takes no page of a store that is not there, and none that is too large", async () => {
  expect(await send({ ...completed("carl"), store: "no-such-store" })).toMatchObject({ status: 404 });
  expect(await send("a".repeat(1024 * 1024 + 1))).toMatchObject({ status: 413 });
});

it("keeps the newer page: a replay is no news", async () => {
  const second = (ago: number) => new Date(Date.now() - ago * 1000).toISOString();
  const older = completed("dora", ({ meta }) => (meta.generated_at = second(60)));
  const newer = completed("dora", ({ meta }) => (meta.generated_at = second(30)));
  expect(await send(newer)).toEqual(stored);
  const before = await (await edge.mf.getR2Bucket("UI_STORAGE")).head(`generated/${STORE}:dora.html`);
  for (const body of [older, newer]) expect(await send(body)).toEqual({ status: 200, body: { outcome: "older" } });
  const after = await (await edge.mf.getR2Bucket("UI_STORAGE")).head(`generated/${STORE}:dora.html`);
  expect(after?.etag).toBe(before?.etag);
  expect(after?.uploaded).toEqual(before?.uploaded);
});

it("keeps nothing of a shopper who has not said yes where the shop asks", async () => {
  const body = { ...completed("erin"), store: "asks-first" };
  expect(await send(body)).toEqual({ status: 200, body: { outcome: "no_consent" } });
  const pages = await edge.mf.getKVNamespace("UI_CACHE");
  expect((await pages.list({ prefix: "ui:asks-first:" })).keys).toEqual([]);
});

describe("a page that comes after its shopper was erased", () => {
  const erased = { status: 200, body: { outcome: "erased" } };
  const erase = async (shopper: string) =>
    (await edge.fetch(`/api/shopper?store=${STORE}&shopper=${shopper}`, { method: "DELETE" })).status;
  const keysOf = async (shopper: string) =>
    (await (await edge.mf.getKVNamespace("UI_CACHE")).list({ prefix: `ui:${STORE}:${shopper}:` })).keys;
  const ago = (ms: number) => new Date(Date.now() - ms).toISOString();

  it("leaves nothing, whether or not the process remembers the erasure, and whatever the generator's clock says", async () => {
    const made = completed("gone");
    const ahead = completed("gone", ({ meta }) => {
      // Begun before the erasure, and ended after it.
      meta.generated_at = new Date(Date.now() + 30_000).toISOString();
      meta.generation_time_ms = 60_000;
    });
    expect(await send(made)).toEqual(stored);
    expect(await erase("gone")).toBe(204);
    expect(await send(made)).toEqual(erased);
    await edge.restart({ GENERATION_TRIGGER: "returning" });
    for (const late of [made, ahead]) expect(await send(late)).toEqual(erased);
    expect(await keysOf("gone")).toEqual([]);
    expect(await objectOf("gone")).toBeUndefined();
    expect(ofShopper(await edge.whileStopped(() => keptBy(edge)), "gone")).toEqual([]);
  });

  it("leaves nothing though the shopper came back meanwhile; one that was asked for after that is theirs", async () => {
    const made = completed("back", ({ meta }) => (meta.generated_at = ago(0)));
    expect(await erase("back")).toBe(204);
    await edge.track(STORE, "back", [{ type: "page_view", ms: 10 }]);
    await edge.restart({ GENERATION_TRIGGER: "returning" });
    expect(await send(made)).toEqual(erased);
    expect(await keysOf("back")).toEqual([]);
    const next = completed("back", ({ meta }) => {
      meta.generated_at = ago(0);
      meta.generation_time_ms = 0;
    });
    expect(await send(next)).toEqual(stored);
    const slow = completed("back", ({ meta }) => {
      meta.generated_at = new Date(Date.now() + 30_000).toISOString();
      meta.generation_time_ms = 60_000;
    });
    expect(await send(slow)).toEqual(erased);
    expect(await keysOf("back")).toHaveLength(1);
  });

  it("is taken back when the shopper was erased while it was stored", async () => {
    const made = completed("racer", ({ meta }) => {
      meta.generated_at = ago(0);
      meta.generation_time_ms = 0;
    });
    const shoppers = await edge.mf.getDurableObjectNamespace("SHOPPER");
    const profile = shoppers.get(shoppers.idFromName(`${STORE}:racer`)) as unknown as Pick<ShopperApi, "erase">;
    // The store knows of no erasure yet, as it did not when the page came.
    await profile.erase({ store: STORE, shopper: "racer" });
    expect(await send(made)).toEqual(erased);
    expect(await keysOf("racer")).toEqual([]);
    expect(await objectOf("racer")).toBeUndefined();
  });

  it("is another shopper's own matter: who was known before it was asked for gets it", async () => {
    await edge.track(STORE, "stays", [{ type: "page_view", ms: 10 }]);
    const made = completed("stays", ({ meta }) => {
      meta.generated_at = ago(0);
      meta.generation_time_ms = 0;
    });
    expect(await erase("somebody-else")).toBe(204);
    expect(await send(made)).toEqual(stored);
  });
});
