import { UNKNOWN_PERSONA } from "../../lib/persona/detect";
import { variantOf } from "../cache/variant";
import type { AppContext } from "../http/context";
import { pagePolicy } from "../http/securityHeaders";
import { Timing } from "../http/timing";
import { count } from "../metrics/count";
import { askForPage } from "../pages/askForPage";
import { personalPage } from "../pages/personal";
import { fallbackPage, markPreparing } from "../pages/render";
import type { TriggerRequest } from "../pool/api";
import { settingsOf } from "../settings";
import type { Session } from "../shopper/api";
import { identify, type Visitor } from "../shopper/identity";
import { NEW_SESSION, readSession, rememberSession } from "../shopper/session";
import { checkSlug, loadStore, type Store } from "../stores/record";

/** `GET /s/{store}`: the shopper's own page where there is one, else the template's at once while theirs is made. */
export async function storefront(c: AppContext): Promise<Response> {
  const slug = checkSlug(c.req.param("store") ?? "");
  const timing = new Timing();
  const now = Date.now();
  const visitor = await identify(c.req.raw, c.env, slug);
  const [store, session] = await Promise.all([
    timing.measure("store", () => loadStore(c.env, slug, now)),
    timing.measure("session", () => sessionOf(visitor, slug, c)),
  ]);
  // A shop that asks for consent first keeps nothing of anybody who has not given it.
  const shopper = visitor.kind === "anonymous" || store.settings.consent_required ? undefined : visitor.shopper;
  const answer = await answerFor({ c, store, session, timing, now, shopper, isNew: visitor.kind === "new" });

  count(c.env, (work) => c.executionCtx.waitUntil(work), "pages_total", {
    store: slug,
    source: answer.source,
  });
  c.header("Cache-Control", "private, no-store");
  c.header("Content-Security-Policy", pagePolicy(store, answer.cspHash));
  c.header("X-Wand-Source", answer.source);
  c.header("X-Wand-Persona", answer.personaType);
  c.header("Server-Timing", timing.header());
  if (visitor.kind === "new" && shopper !== undefined) c.header("Set-Cookie", visitor.setCookie);
  return c.html(answer.html);
}

interface Question {
  c: AppContext;
  store: Store;
  session: Session;
  timing: Timing;
  now: number;
  shopper: string | undefined;
  isNew: boolean;
}

interface Answer {
  html: string;
  cspHash: string;
  personaType: string;
  source: string;
}

async function answerFor(question: Question): Promise<Answer> {
  const { c, store, session, timing, now, shopper, isNew } = question;
  const { origin } = new URL(c.req.url);
  const fallback = (preparing: boolean): Answer => {
    const persona = shopper === undefined ? UNKNOWN_PERSONA : session.persona;
    return { ...fallbackPage({ store, persona, origin, preparing }, now), source: "fallback" };
  };
  if (shopper === undefined) return fallback(false);

  const settings = settingsOf(c.env);
  const wanted = variantOf(store, shopper, session.persona, settings);
  const ask = (): void => {
    const reason = reasonFor(session, wanted.personaHash);
    askForPage(c, wanted, { shopper, persona: session.persona, reason });
  };
  if (isNew) {
    // Nothing can be stored for a name that was made just now.
    const makes = settings.GENERATION_TRIGGER === "first-visit";
    if (makes) ask();
    return fallback(makes);
  }
  const look = { env: c.env, log: c.var.log, timing, store, session, wanted, settings, origin, now };
  const personal = await personalPage(look);
  if (personal?.outdated !== false) ask();
  if (personal === undefined) return fallback(true);
  if (!personal.outdated && session.page?.persona_hash === wanted.personaHash) {
    rememberSession({ store: store.slug, shopper }, session, now);
  }
  const { page, source, outdated } = personal;
  return { ...page, html: outdated ? markPreparing(page.html) : page.html, source };
}

async function sessionOf(visitor: Visitor, store: string, c: AppContext): Promise<Session> {
  if (visitor.kind !== "known") return NEW_SESSION;
  return readSession(c.env, { store, shopper: visitor.shopper }, c.var.log);
}

function reasonFor(session: Session, wanted: string): TriggerRequest["reason"] {
  if (session.page === null) return "first_visit";
  return session.page.persona_hash === wanted ? "refresh" : "persona_changed";
}
