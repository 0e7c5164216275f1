import { variantOf } from "../cache/variant";
import type { AppContext } from "../http/context";
import type { JobState } from "../pool/api";
import { findJob } from "../pool/requestPage";
import { mayPersonalise } from "../privacy/consent";
import { settingsOf } from "../settings";
import { namedBy, noShopper, recognise } from "../shopper/identity";
import { shopperOf } from "../shopper/stub";
import { checkSlug, loadStore } from "../stores/record";

const STATES = { queued: "queued", running: "running", done: "ready", failed: "failed" } as const satisfies Record<
  JobState,
  string
>;

/** `GET /api/generation/status?store=&shopper=`: how the page stands that the shopper should have now. */
export async function generationStatus(c: AppContext): Promise<Response> {
  const url = new URL(c.req.url);
  const slug = checkSlug(url.searchParams.get("store") ?? "");
  const shopper = await recognise(c.req.raw, c.env, slug, namedBy(url));
  const store = await loadStore(c.env, slug);
  if (shopper === undefined) throw noShopper();
  // From the Durable Objects, not from KV: they know at once, and across restarts.
  const session = await shopperOf(c.env, { store: slug, shopper }).session();
  const wanted = variantOf(store, shopper, session.persona, settingsOf(c.env));
  const job = mayPersonalise(store, session, c.req.raw) ? await findJob(c.env, wanted) : undefined;
  const page = session.page?.persona_hash === wanted.personaHash ? session.page : undefined;
  const working = job?.state === "queued" || job?.state === "running";
  const ready = page !== undefined && !working;
  const generatedAt = job?.state === "done" ? new Date(job.finishedAt ?? 0).toISOString() : null;
  return c.json({
    state: ready ? "ready" : job === undefined ? "none" : STATES[job.state],
    persona_hash: wanted.personaHash,
    generated_at: page?.generated_at ?? generatedAt,
    job_id: job?.id ?? page?.job_id ?? null,
  });
}
