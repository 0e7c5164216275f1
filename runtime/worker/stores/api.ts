/** What Shopify sends that this Worker acts on. */
export const TOPICS = [
  "products/create",
  "products/update",
  "products/delete",
  "customers/data_request",
  "customers/redact",
  "shop/redact",
] as const;
export type Topic = (typeof TOPICS)[number];

/** One webhook of a shop whose signature was right. */
export interface Delivery {
  store: string;
  topic: Topic;
  /** The same for every attempt to deliver it. */
  webhookId: string;
  /** When the shop made it, milliseconds since 1970. */
  triggeredAt: number;
  /** Text of a JSON object. */
  body: string;
}

/**
 * What became of a webhook. `applied`: the catalogue is another now. `replayed`: it was here before. `stale`: a newer one was.
 * `unmatched`: about a product nothing is known of. `refused`: a product that no page can show; what was known stays. `full`:
 * there is no room for further changes. `queued`: it is written down, and done in a moment. `none`: there is nothing to do.
 */
export type Effect = "applied" | "replayed" | "stale" | "unmatched" | "refused" | "full" | "queued" | "none";

/** A shopper's request for what is kept of them, as the shop passed it on. Times in ISO 8601. */
export interface DataRequest {
  id: string;
  shopper: string;
  received_at: string;
}

export interface StoreSyncApi extends Rpc.DurableObjectBranded {
  /** Takes a webhook; when this returns, its effect outlives everything. Throws when it could not be stored. */
  receive(delivery: Delivery): Promise<Effect>;
  /** Requests of the last 30 days, oldest first. */
  dataRequests(): Promise<DataRequest[]>;
  /** Forgets a shopper's requests, and notes that somebody of the store was erased: when, not who. */
  forget(shopper: string): Promise<void>;
  /** Notes that all of the store's shoppers are erased. */
  noteErasure(): Promise<void>;
  /** When somebody of the store was erased last, milliseconds since 1970; 0 for never. */
  lastErasureAt(): Promise<number>;
}
