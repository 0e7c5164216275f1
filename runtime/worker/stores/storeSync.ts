import { DurableObject } from "cloudflare:workers";
import type { Env } from "../env";

/** One store's changes since it was deployed, in the order the shop made them. */
export class StoreSync extends DurableObject<Env> {}
