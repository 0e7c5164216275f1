import type { TriggerRequest, JobView } from "../../../../runtime/worker/pool/job";
import type { Edge } from "../harness";
import { trigger } from "./trigger";

/** What a member answers to `POST /trigger`. */
export interface Answer {
  status: number;
  retryAfter: number | undefined;
  body: { job_id?: string; member?: string; position?: number; error?: { code: string } };
}

/** One pool member's queue, as the Worker talks to it. */
export class PoolMember {
  constructor(
    readonly edge: Edge,
    readonly name: string,
  ) {}

  async trigger(request: Partial<TriggerRequest>): Promise<Answer> {
    const stub = await this.#stub();
    const body = JSON.stringify(trigger({ member: this.name, ...request }));
    const response = await stub.fetch("http://pool/trigger", { method: "POST", body });
    const after = response.headers.get("Retry-After");
    return {
      status: response.status,
      retryAfter: after === null ? undefined : Number(after),
      body: (await response.json()) as Answer["body"],
    };
  }

  async find(variant: string): Promise<JobView | undefined> {
    return (await this.#methods()).find!(variant) as Promise<JobView | undefined>;
  }

  async forget(store: string, subject?: string): Promise<void> {
    await (
      await this.#methods()
    ).forget!(store, subject);
  }

  /** Ends the object as Cloudflare does, whatever it is at. */
  evict(): Promise<void> {
    return this.edge.mf.unsafeEvictDurableObject("", "GenerationQueue", { name: this.name });
  }

  async #stub() {
    const pool = await this.edge.mf.getDurableObjectNamespace("POOL");
    return pool.get(pool.idFromName(this.name));
  }

  async #methods() {
    return (await this.#stub()) as unknown as Record<string, (...values: unknown[]) => Promise<unknown>>;
  }
}
