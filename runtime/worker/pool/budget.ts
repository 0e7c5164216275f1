import type { GenerateResponse } from "../../contract/generate";
import { within } from "../deadline";
import type { Env } from "../env";
import type { Log } from "../log";
import type { Settings } from "../settings";
import type { Store } from "../stores/record";
import type { LeasedJob } from "./job";
import { queueOf } from "./members";
import type { Outbox } from "./outbox";
import { ESTIMATED_USD, usdOf, utcDay } from "./spending";

/** The book answers inside this, or the job does without a model. */
const PATIENCE_MS = 2_000;

/** The object that keeps a store's book: one for all members, so that all see the same sum. */
const bookOf = (env: Env, store: string) => queueOf(env, `budget:${store}`);

/** What models may cost a store a day, US dollars: the stack's limit or the store's own, whichever is lower. */
export function budgetOf(store: Pick<Store, "settings">, settings: Settings): number | undefined {
  const limits = [settings.STORE_DAILY_BUDGET_USD, store.settings.daily_budget_usd].filter((usd) => usd !== undefined);
  return limits.length === 0 ? undefined : Math.min(...limits);
}

/** Leave to ask a model. `settle` says what came of it; without that, what was booked counts as spent. */
export interface Leave {
  settle(cost: GenerateResponse["meta"] | "nothing"): void;
}

const FREE: Leave = { settle: () => undefined };

interface Context {
  env: Env;
  settings: Settings;
  outbox: Outbox;
  log: Log;
}

/**
 * Books a job in its store's budget; undefined when the budget of the day is spent. Fails closed: while the book cannot be
 * asked nothing is spent, since a page by the template is there at no cost.
 */
export async function askForMoney(job: LeasedJob, store: Store, context: Context): Promise<Leave | undefined> {
  const { env, settings, outbox, log } = context;
  const limit = budgetOf(store, settings);
  if (limit === undefined || !settings.hasModel) return FREE;
  const key = `${job.id}:${job.lease}`;
  const claim = { key, day: utcDay(Date.now()), limit, estimate: ESTIMATED_USD[settings.LLM_FORMAT] };
  try {
    const booked = await within(PATIENCE_MS, bookOf(env, store.slug).reserve(claim), undefined);
    if (booked === undefined) throw new Error("no answer in time");
    if (!booked) return undefined;
  } catch (error) {
    log.error("budget_not_asked", error);
    return undefined;
  }
  return {
    settle: (cost) => {
      const usd = cost === "nothing" ? 0 : usdOf(cost);
      const body = JSON.stringify({ key, usd });
      outbox.put({ kind: "spent", slot: `spent:${key}`, store: store.slug, owner: "", body }, Date.now());
    },
  };
}

/** Tells a store's book what a booking cost. */
export async function settleBooking(
  env: Env,
  store: string,
  { key, usd }: { key: string; usd: number },
): Promise<void> {
  await bookOf(env, store).settle(key, usd);
}
