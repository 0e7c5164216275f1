import { PersonaTypeSchema, PERSONA_TYPES, type Persona } from "../../contract/persona";
import { WandError } from "../../contract/errors";
import { isShopperId } from "../../contract/store";
import { UNKNOWN_PERSONA } from "../../lib/persona/detect";
import { variantOf } from "../cache/variant";
import { within } from "../deadline";
import type { AppContext } from "../http/context";
import { canonicalUrl } from "../pages/render";
import type { JobView } from "../pool/api";
import { queueOf } from "../pool/members";
import { putInLine } from "../pool/requestPage";
import { settingsOf } from "../settings";
import { shopperOf } from "../shopper/stub";
import { checkSlug, loadStore } from "../stores/record";

/** How long the end of the job is waited for: many callers' own deadline is 30 s. */
const PATIENCE_MS = 28_000;
/** What a call to the member may take on top of what it is told to wait. */
const GRACE_MS = 1_000;

/**
 * `GET` or `POST /debug/generate?store=&shopper=&persona=`: makes a shopper's page as a visit would, through the pool, and says
 * how it went. 200 when it is made, 502 when the job failed, 202 when it still waits or runs after 28 s, 429 when no member
 * takes it. `persona` is a type; without it, it is the persona that the shopper has.
 */
export async function debugGenerate(c: AppContext): Promise<Response> {
  const askedAt = Date.now();
  const slug = checkSlug(c.req.query("store") ?? "");
  const shopper = c.req.query("shopper") ?? "";
  if (!isShopperId(shopper)) throw new WandError("BAD_SHOPPER", "Say which shopper.", { field: "shopper" });
  const store = await loadStore(c.env, slug);
  const session = await shopperOf(c.env, { store: slug, shopper }).session();
  if (store.settings.consent_required && session.consent !== "granted") {
    throw new WandError("BAD_SHOPPER", "The shop asks first, and this shopper has not said yes.", { field: "shopper" });
  }
  const persona = personaOf(c.req.query("persona"), session.persona);
  const variant = variantOf(store, shopper, persona, settingsOf(c.env));
  const taken = await putInLine(
    variant,
    {
      shopper,
      persona,
      reason: "refresh",
      canonical_url: canonicalUrl(new URL(c.req.url).origin, slug),
      request_id: c.var.requestId,
      asked_at: askedAt,
    },
    { env: c.env, log: c.var.log, waitUntil: (work) => c.executionCtx.waitUntil(work) },
  );
  if ("erased" in taken) throw new WandError("ERASED", "The shopper was erased meanwhile.", { field: "shopper" });
  if (!("job_id" in taken)) {
    c.header("Retry-After", String(taken.retryAfter));
    throw new WandError("QUEUE_FULL", "No pool member takes the job now.");
  }
  const { job_id: job, member } = taken;
  const end = await within(PATIENCE_MS + GRACE_MS, queueOf(c.env, member).ended(job, PATIENCE_MS), undefined);
  const about = { job, member, persona_hash: variant.personaHash };
  if (end === undefined || end.state === "queued" || end.state === "running") {
    return c.json({ ...about, state: end?.state ?? "running" }, 202);
  }
  return c.json({ ...about, ...outcomeOf(end) }, end.state === "done" ? 200 : 502);
}

function outcomeOf({ state, attempt, result, error, crumbs }: JobView) {
  const told = result && {
    model: result.model,
    source: result.source,
    ms: result.ms,
    usd: result.usd,
    tokens: result.tokens,
    ...(result.stand_in !== null && { stand_in: result.stand_in }),
  };
  return { state, attempt, ...told, breadcrumbs: crumbs, ...(error !== null && { error }) };
}

/** The persona that was asked for, or the shopper's own. Throws BAD_REQUEST naming those that there are. */
function personaOf(asked: string | undefined, own: Persona): Persona {
  if (asked === undefined || asked === "") return own;
  const type = PersonaTypeSchema.safeParse(asked);
  if (!type.success) {
    throw new WandError("BAD_REQUEST", `A persona is one of ${PERSONA_TYPES.join(", ")}.`, { field: "persona" });
  }
  return type.data === own.type ? own : { ...UNKNOWN_PERSONA, type: type.data };
}
