import { WandError } from "../../contract/errors";
import type { GenerateResponse } from "../../contract/generate";
import type { Variant } from "../cache/variant";
import { within } from "../deadline";
import type { Env } from "../env";
import type { Log } from "../log";
import { count } from "../metrics/count";
import { measureFailure, measureGeneration } from "../metrics/generation";
import { wholePage } from "../pages/render";
import type { Settings } from "../settings";
import { loadStore, type Store } from "../stores/record";
import type { JobResult, LeasedJob } from "./job";
import { askForMoney } from "./budget";
import { callGenerator, GeneratorBusy } from "./generator";
import { generateRequest } from "./generateRequest";
import type { JobStore } from "./jobs";
import type { Outbox } from "./outbox";
import { cachedUi, hasBetter, persist, takeBack } from "./persist";
import type { Teller } from "./tell";

/** The store's record is there inside this, or the attempt fails. */
const RECORD_PATIENCE_MS = 5_000;
/** The longest deadline that the generator takes; a stack's may be longer. */
const GENERATOR_LIMIT_MS = 120_000;
export interface PageContext {
  env: Env;
  settings: Settings;
  jobs: JobStore;
  outbox: Outbox;
  generator: Pick<Fetcher, "fetch">;
  /** Aborts when the job's subject is forgotten. */
  signal: AbortSignal;
  teller: Teller;
  log: Log;
}

export interface Made {
  result: JobResult;
  /** A new page is stored, of which the shopper is to be told. False when the one that is there is better. */
  stored: boolean;
}

/** Makes a job's page and stores it. Undefined when the job is not the runner's any more: then nothing is delivered. */
export async function makePage(job: LeasedJob, context: PageContext): Promise<Made | undefined> {
  const { env, settings, jobs, teller, log } = context;
  const { request } = job;
  const store = await within(RECORD_PATIENCE_MS, loadStore(env, request.store), undefined);
  if (store === undefined) throw new WandError("INTERNAL", "The store's record could not be read in time.");
  teller.progress("generating", 10);
  const { response, budgetSpent } = await generate(job, store, context);
  if (jobs.standing(job) !== "held") return undefined;
  teller.progress("storing", 75);

  const { origin } = new URL(request.canonical_url);
  const page = wholePage(cachedUi(response, store, request.persona.type), store, origin);
  const variant: Variant = { store: request.store, subject: request.subject, personaHash: request.persona_hash };
  const standIn = page.source === "template" && settings.hasModel ? (budgetSpent ? "budget" : "model") : null;
  if (standIn !== null) count(env, () => undefined, "templates_total", { store: store.slug, reason: standIn });
  const result = resultOf(response.meta, standIn);
  const place = { env, settings, store, variant, log, isPartial: response.status === "partial" };
  if (await hasBetter(page, place)) return { result, stored: false };

  await persist(page, place);
  const standing = jobs.standing(job);
  // Who is forgotten while their page is stored has it taken back; one who only lost the lease leaves it to the next runner.
  if (standing === "forgotten") await takeBack(variant, env);
  if (standing !== "held") return undefined;
  return { result, stored: true };
}

/** Asks the generator, within the store's budget: by the template alone when that is spent. */
async function generate(
  job: LeasedJob,
  store: Store,
  context: PageContext,
): Promise<{ response: GenerateResponse; budgetSpent: boolean }> {
  const { env, settings, generator, signal } = context;
  const leave = await askForMoney(job, store, context);
  const deadlineMs = Math.min(GENERATOR_LIMIT_MS, job.deadlineAt - Date.now());
  if (deadlineMs <= 0) {
    leave?.settle("nothing");
    throw new WandError("TIMEOUT", "The job's time was over before the generator was asked.");
  }
  const options = { format: settings.LLM_FORMAT, ...(leave === undefined && { template_only: true }) };
  const askedAt = Date.now();
  try {
    const response = await callGenerator(generator, generateRequest(job.request, store, options), {
      deadlineMs,
      requestId: job.request.request_id,
      signal,
    });
    measureGeneration(env, job.request, response.meta, Date.now() - askedAt);
    leave?.settle(response.meta);
    return { response, budgetSpent: leave === undefined };
  } catch (error) {
    // Whoever broke off may have asked a model before: its booking stays. Whoever took no request has not.
    if (wasNotTaken(error)) leave?.settle("nothing");
    if (!(error instanceof GeneratorBusy) && !signal.aborted) measureFailure(env, Date.now() - askedAt);
    throw error;
  }
}

const wasNotTaken = (error: unknown): boolean =>
  error instanceof GeneratorBusy || (error instanceof WandError && error.status < 500 && error.status !== 429);

function resultOf(meta: GenerateResponse["meta"], standIn: JobResult["stand_in"]): JobResult {
  return {
    generated_at: meta.generated_at,
    model: meta.model,
    source: meta.source,
    ms: meta.generation_time_ms,
    usd: meta.usd ?? null,
    tokens: meta.tokens_used,
    stand_in: standIn,
  };
}
