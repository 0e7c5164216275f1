import { WandError } from "../../contract/errors";
import { tameWords } from "../../page";
import { COHORT } from "../../contract/store";
import type { AppContext } from "../http/context";
import { count } from "../metrics/count";
import { renderAgain } from "../pages/render";
import { cachedUi, persist, takeBack } from "../pool/persist";
import { settingsOf } from "../settings";
import { shopperOf } from "../shopper/stub";
import { loadStore } from "../stores/record";
import { checkProducts, readCompletedPage } from "../webhooks/completedPage";
import { secretsOf } from "../hmac";
import { mayBeErased } from "../webhooks/latePage";
import { fromHex, isSigned } from "../webhooks/signature";

/** A page's JSON with its markup is some 100 KB. */
export const GENERATION_BODY_BYTES = 1024 * 1024;

/**
 * What became of a page: `older` than the one the shopper has (a replay is that too), for somebody who has not consented, or for
 * somebody who may have been `erased` since it was asked for.
 */
type Outcome = "stored" | "older" | "no_consent" | "erased";

/** `POST /webhook/generation-complete`: stores a page that another generator made, as the queue stores our own. */
export async function generationComplete(c: AppContext): Promise<Response> {
  const counted = (outcome: string): void =>
    count(c.env, (work) => c.executionCtx.waitUntil(work), "webhooks_total", { topic: "generation-complete", outcome });
  try {
    const outcome = await store(c);
    counted(outcome);
    return c.json({ outcome });
  } catch (error) {
    counted(error instanceof WandError ? error.code.toLowerCase() : "internal");
    throw error;
  }
}

async function store(c: AppContext): Promise<Outcome> {
  const bytes = await c.req.arrayBuffer();
  const signature = fromHex(c.req.header("X-Wand-Signature"));
  if (!(await isSigned(secretsOf(c.env.WEBHOOK_SIGNING_KEY), bytes, signature))) {
    throw new WandError("BAD_SIGNATURE", "X-Wand-Signature is not this body's by the key of this stack.");
  }
  const made = readCompletedPage(new TextDecoder().decode(bytes), Date.now());
  const record = await loadStore(c.env, made.store);
  checkProducts(made.response.ui.components, record);

  const name = { store: made.store, shopper: made.shopper };
  const session = await shopperOf(c.env, name).session();
  if (record.settings.consent_required && session.consent !== "granted") return "no_consent";
  const { generated_at: generatedAt, generation_time_ms: took } = made.response.meta;
  if (session.page !== null && Date.parse(generatedAt) <= Date.parse(session.page.generated_at)) return "older";
  // Nobody says when it was asked for: no later than its making began, by a clock that may be ahead.
  const askedAt = Math.min(Date.parse(generatedAt), Date.now()) - took;
  if (await mayBeErased(c.env, name, askedAt)) return "erased";

  const { sections } = tameWords(
    { version: 1, persona: made.personaType, sections: made.response.ui.components },
    record,
  );
  const response = { ...made.response, ui: { ...made.response.ui, components: sections } };
  const page = cachedUi(response, record, made.personaType);
  const drawn = renderAgain(page, record, new URL(c.req.url).origin);
  if (drawn === undefined) throw new Error("a page with sections and a persona was not drawn");
  const settings = settingsOf(c.env);
  const subject = settings.PERSONALISATION_SCOPE === "cohort" ? COHORT : made.shopper;
  const variant = { store: made.store, subject, personaHash: made.personaHash };
  const ours = { ...page, ui: { ...page.ui, html: drawn.html }, csp_hash: drawn.cspHash };
  const isPartial = made.response.status === "partial";
  await persist(ours, { env: c.env, settings, store: record, variant, log: c.var.log, isPartial });
  const stored = {
    persona_hash: made.personaHash,
    generated_at: generatedAt,
    job_id: `webhook-${c.var.requestId}`,
  };
  if (await shopperOf(c.env, name).pageStored(name, stored, askedAt)) return "stored";
  // Erased since the look above.
  if (subject !== COHORT) await takeBack(variant, c.env);
  return "erased";
}
