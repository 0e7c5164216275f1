import * as z from "zod";
import { WandError } from "../../contract/errors";
import { MAX_EVENTS_PER_REQUEST, TrackEventSchema, TrackRequestSchema } from "../../contract/events";
import { factOf } from "../../lib/persona/facts";
import type { AppContext } from "../http/context";
import { count } from "../metrics/count";
import { mayTrack } from "../privacy/consent";
import { recognise } from "../shopper/identity";
import { rememberSession } from "../shopper/session";
import { shopperOf } from "../shopper/stub";
import { checkSlug, loadStore } from "../stores/record";

/** Fifty events of the longest kind are below this. */
export const TRACK_BODY_BYTES = 256 * 1024;

/**
 * `POST /api/shopper/track`: remembers what a shopper did; a persona that changes by it gets its page made. In a burst of events
 * the answer's persona may be a moment old.
 */
export async function track(c: AppContext): Promise<Response> {
  const body = await readBody(c);
  const slug = checkSlug(body.store);
  const shopper = await recognise(c.req.raw, c.env, slug, { shopper: body.shopper, sig: body.sig });
  const store = await loadStore(c.env, slug);
  if (shopper === undefined) return c.json({ accepted: 0 }, 202);
  const name = { store: slug, shopper };
  const allowed = await mayTrack(c.env, store, { name, request: c.req.raw, log: c.var.log });
  if (!allowed) return c.json({ accepted: 0 }, 202);

  const now = Date.now();
  const facts = body.events.map((event) => factOf(event, store.index, now));
  const { session, changed } = await shopperOf(c.env, name).track(name, facts, new URL(c.req.url).origin);
  if (changed) rememberSession(name, session, now);
  for (const { type } of body.events) {
    count(c.env, (work) => c.executionCtx.waitUntil(work), "events_total", { store: slug, type });
  }
  const { persona } = session;
  return c.json({ accepted: facts.length, persona: persona.type, confidence: persona.confidence }, 202);
}

type TrackRequest = z.infer<typeof TrackRequestSchema>;

/** The body in its one form: `{store, shopper?, sig?, events}`. Throws BAD_REQUEST naming the field that is wrong. */
async function readBody(c: AppContext): Promise<TrackRequest> {
  const body = parseObject(await c.req.text());
  const query = (name: string): unknown => body[name] ?? c.req.query(name);
  const { store: _store, shopper: _shopper, sig: _sig, ...event } = body;
  const one = !("events" in body);
  const parsed = TrackRequestSchema.safeParse({
    store: query("store"),
    shopper: query("shopper"),
    sig: query("sig"),
    events: one ? [event] : body["events"],
  });
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const path = issue?.path.map(String).join(".") ?? "";
  const field = one ? path.replace(/^events\.0\.?/, "") || "type" : path;
  throw new WandError("BAD_REQUEST", `${field}: ${issue?.message ?? "not allowed"}. ${HELP}`, { field });
}

const HELP = `Send one event or {"events": [...]} with 1 to ${MAX_EVENTS_PER_REQUEST} of them; types are ${TrackEventSchema.options
  .map((option) => option.shape.type.value)
  .join(", ")}.`;

function parseObject(text: string): Record<string, unknown> {
  try {
    return z.record(z.string(), z.unknown()).parse(JSON.parse(text));
  } catch (cause) {
    throw new WandError("BAD_REQUEST", "The body is no JSON object.", { cause, field: "body" });
  }
}
