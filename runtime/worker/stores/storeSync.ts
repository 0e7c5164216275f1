import { DurableObject } from "cloudflare:workers";
import { changesKey } from "../../contract/keys";
import type { StoreRecord } from "../../contract/store";
import type { Env } from "../env";
import { createLog } from "../log";
import type { DataRequest, Delivery, Effect, StoreSyncApi } from "./api";
import { ChangeLog } from "./changeLog";
import { Deliveries } from "./deliveries";
import { loadDeployed } from "./deployed";
import { takeProduct } from "./takeProduct";
import { CustomerPayload } from "./payloads";
import { PrivacyTasks } from "./privacyTasks";

/** KV takes one write a second for each key. */
const PUBLISH_PAUSE_MS = 1_100;
/** After a write that KV refused. */
const RETRY_PAUSE_MS = 5_000;

/**
 * One store's changes since it was deployed, in the order the shop made them, and what the shop asked for its shoppers'
 * privacy. A webhook is in SQLite when it is answered; KV is told by the alarm, at most once a second.
 */
export class StoreSync extends DurableObject<Env> implements StoreSyncApi {
  readonly #deliveries: Deliveries;
  readonly #changes: ChangeLog;
  readonly #privacy: PrivacyTasks;
  #publishAt = 0;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    const { sql } = ctx.storage;
    this.#deliveries = new Deliveries(sql);
    this.#changes = new ChangeLog(sql);
    this.#privacy = new PrivacyTasks(sql);
  }

  async receive(delivery: Delivery): Promise<Effect> {
    const now = Date.now();
    const isProduct = delivery.topic.startsWith("products/");
    const record = isProduct ? await loadDeployed(this.env, delivery.store) : undefined;
    const effect = this.ctx.storage.transactionSync(() => {
      this.ctx.storage.kv.put("store", delivery.store);
      if (!this.#deliveries.isNew(delivery.webhookId, now)) return "replayed";
      return record === undefined ? this.#takePrivacy(delivery, now) : this.#takeProduct(delivery, record);
    });
    await this.#arm();
    return effect;
  }

  async dataRequests(): Promise<DataRequest[]> {
    return this.#privacy.requests(Date.now());
  }

  async forget(shopper: string): Promise<void> {
    this.#privacy.forget(shopper);
    await this.noteErasure();
  }

  async noteErasure(): Promise<void> {
    this.ctx.storage.kv.put("erased_at", Date.now());
  }

  async lastErasureAt(): Promise<number> {
    return this.ctx.storage.kv.get<number>("erased_at") ?? 0;
  }

  /** Tells KV of the changes and does one erasure that is due. What fails is tried again; nothing here throws. */
  override async alarm(): Promise<void> {
    const store = this.ctx.storage.kv.get<string>("store");
    if (store === undefined) return;
    if (this.#isUnpublished() && this.#publishAt <= Date.now()) await this.#publish(store);
    const erased = await this.#privacy.runOne(this.env, store, createLog({ store }), Date.now());
    if (erased === "store") {
      this.#changes.clear();
      this.#changed();
    }
    await this.#arm();
  }

  #takeProduct(delivery: Delivery, record: StoreRecord): Effect {
    const effect = takeProduct(this.#changes, delivery, record);
    if (effect === "applied") {
      this.ctx.storage.kv.put("base", record.catalogue.version);
      this.#changed();
    }
    return effect;
  }

  #takePrivacy({ topic, webhookId, body }: Delivery, now: number): Effect {
    if (topic === "shop/redact") {
      this.#privacy.erase(null, now);
      return "queued";
    }
    const { customer, data_request: request } = CustomerPayload.parse(JSON.parse(body));
    if (customer === undefined) return "none";
    if (topic === "customers/redact") this.#privacy.erase(customer.id, now);
    else this.#privacy.request(request?.id ?? webhookId, customer.id, now);
    return "queued";
  }

  async #publish(store: string): Promise<void> {
    const base = this.ctx.storage.kv.get<string>("base");
    // As of now: a change that comes while the write runs has to be told by another.
    const state = this.#state("changed");
    try {
      if (base !== undefined) await this.env.STORES.put(changesKey(store), this.#changes.changes(base));
      this.ctx.storage.kv.put("published", state);
      this.#publishAt = Date.now() + PUBLISH_PAUSE_MS;
    } catch (error) {
      createLog({ store }).error("changes_not_published", error);
      this.#publishAt = Date.now() + RETRY_PAUSE_MS;
    }
  }

  #changed(): void {
    this.ctx.storage.kv.put("changed", this.#state("changed") + 1);
  }

  /** How many changes there were, or how many of them KV was told of. */
  #state(name: "changed" | "published"): number {
    return this.ctx.storage.kv.get<number>(name) ?? 0;
  }

  #isUnpublished(): boolean {
    return this.#state("changed") !== this.#state("published");
  }

  /** Sets the alarm for what is to be done next, if that is sooner than what it is set for. */
  async #arm(): Promise<void> {
    const publishAt = this.#isUnpublished() ? this.#publishAt : Infinity;
    const at = Math.max(Date.now(), Math.min(publishAt, this.#privacy.dueAt() ?? Infinity));
    if (at === Infinity) return;
    const set = await this.ctx.storage.getAlarm();
    if (set === null || set > at) await this.ctx.storage.setAlarm(at);
  }
}
