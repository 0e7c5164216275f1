import type { StoreRecord } from "../../contract/store";
import { createLog } from "../log";
import type { Delivery, Effect } from "./api";
import { LARGEST_PRODUCT_BYTES, type ChangeLog, type Moment } from "./changeLog";
import { ProductPayload } from "./payloads";
import { readProductChange, type ProductChange } from "./productChange";

/**
 * Notes what a product's webhook says, unless something newer is known. A product is found by Shopify's number, by its
 * variants, or by its handle. What cannot be taken leaves what was known as it is, and is logged with the reason.
 */
export function takeProduct(
  changes: ChangeLog,
  { topic, body, store, triggeredAt }: Delivery,
  record: StoreRecord,
): Effect {
  const payload: unknown = JSON.parse(body);
  const { id: shopifyId, handle, updated_at: updatedAt, variants } = ProductPayload.parse(payload);
  const log = createLog({ store, topic, shopify_id: shopifyId });
  const moment: Moment = { updatedAt: updatedAt ?? triggeredAt, triggeredAt };
  if (changes.isStale(shopifyId, moment)) return "stale";

  const deployed = record.catalogue;
  const base = deployed.version;
  const was = changes.idOf(shopifyId, deployed, new Set(variants.map(({ id }) => id)));
  if (topic === "products/delete") {
    changes.note(shopifyId, was ?? null, base, moment, null, 0);
    if (was !== undefined) return "applied";
    log.warn("product_unmatched");
    return "unmatched";
  }

  const change = readProductChange(payload, {
    shop: { shopUrl: record.shop_url, currency: record.currency },
    before: changes.product(shopifyId, was ?? handle, deployed),
    countsStock: deployed.products.some((product) => product.variants.some(({ inventory }) => inventory !== null)),
  });
  const refusal = refusalOf(change, (bytes) => changes.hasRoom(shopifyId, bytes, base));
  if (refusal !== undefined) {
    log.warn("product_not_taken", refusal);
    return refusal.effect;
  }
  const text = "product" in change ? JSON.stringify(change.product) : null;
  const id = "product" in change ? change.product.id : "hidden" in change ? change.hidden : (was ?? null);
  changes.note(shopifyId, id, base, moment, text, text === null ? 0 : bytesOf(text));
  if (was !== undefined && was !== id) changes.giveUp(was, base);
  return "applied";
}

function refusalOf(
  change: ProductChange,
  hasRoom: (bytes: number) => boolean,
): { effect: "refused" | "full"; why: string } | undefined {
  if ("refused" in change) return { effect: "refused", why: change.refused };
  if ("hidden" in change) return undefined;
  const bytes = bytesOf(JSON.stringify(change.product));
  if (bytes > LARGEST_PRODUCT_BYTES) {
    return { effect: "refused", why: `is ${bytes} bytes; at most ${LARGEST_PRODUCT_BYTES} can be kept` };
  }
  return hasRoom(bytes) ? undefined : { effect: "full", why: "no room for further changes; deploy a new export" };
}

const bytesOf = (text: string): number => new TextEncoder().encode(text).byteLength;
