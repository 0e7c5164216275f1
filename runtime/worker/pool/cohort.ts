import { COHORT } from "../../contract/store";
import { findInKv } from "../cache/lookUp";
import { ageOf, lifetimeOf } from "../cache/lifetime";
import { pagePersona, type Variant } from "../cache/variant";
import type { Env } from "../env";
import { Timing } from "../http/timing";
import type { Log } from "../log";
import { settingsOf } from "../settings";
import type { StoredPage } from "../shopper/api";
import { shopperOf } from "../shopper/stub";
import { loadStore } from "../stores/record";
import type { PageRequest } from "./job";

/** Stands for the job of a page that another shopper's job made. */
const NO_JOB = "shared";

/**
 * A request for a page that a cohort shares, without what it says of the one shopper who asks. Where the page is there and
 * fresh, that shopper is told so and no job is needed: then the page is in the answer. Any other request comes back as it is.
 */
export async function forCohort<Request extends Pick<PageRequest, "shopper" | "persona" | "reason" | "asked_at">>(
  variant: Variant,
  request: Request,
  { env, log }: { env: Env; log: Log },
): Promise<{ request: Request; page: StoredPage | undefined }> {
  if (variant.subject !== COHORT) return { request, page: undefined };
  const settings = settingsOf(env);
  const store = await loadStore(env, variant.store);
  const shared = { ...request, persona: pagePersona(store, request.persona, settings) };
  if (request.reason === "refresh") return { request: shared, page: undefined };
  const found = await findInKv(variant, { env, log, timing: new Timing() });
  if (found === undefined) return { request: shared, page: undefined };
  const { source, meta } = found.page;
  const age = ageOf(meta.generated_at, lifetimeOf(source, store, settings), Date.now());
  if (age !== "fresh") return { request: shared, page: undefined };
  const name = { store: variant.store, shopper: request.shopper };
  const page = { persona_hash: variant.personaHash, generated_at: meta.generated_at, job_id: NO_JOB };
  await shopperOf(env, name).pageStored(name, page, request.asked_at);
  return { request: shared, page };
}
