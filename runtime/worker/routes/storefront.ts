import { COHORT } from "../../contract/store";
import { UNKNOWN_PERSONA } from "../../lib/persona/detect";
import type { Document } from "../cache/memory";
import { PackedDocument } from "../cache/packedPage";
import { pagePersona, variantOf } from "../cache/variant";
import { acceptsGzip } from "../http/acceptsGzip";
import type { AppContext } from "../http/context";
import { originOf } from "../http/origin";
import { completeAnswer, pagePolicy, REPORTING_ENDPOINTS } from "../http/securityHeaders";
import { Timing } from "../http/timing";
import { count } from "../metrics/count";
import { askForPage } from "../pages/askForPage";
import { personalPage } from "../pages/personal";
import { fallbackPage, markPreparing } from "../pages/render";
import type { TriggerRequest } from "../pool/api";
import { privacyState, sessionToJudge, type PrivacyState } from "../privacy/consent";
import { settingsOf } from "../settings";
import type { Session } from "../shopper/api";
import { identify, type Visitor } from "../shopper/identity";
import { mayBegin } from "../shopper/newcomers";
import { NEW_SESSION, readSession, rememberSession, toldOf } from "../shopper/session";
import { checkSlug, loadStore, type Store } from "../stores/record";

/** `GET /s/{store}`: the shopper's own page where there is one, else the template's at once while theirs is made. */
export async function storefront(c: AppContext): Promise<Response> {
  const slug = checkSlug(c.req.param("store") ?? "");
  const timing = new Timing();
  const now = Date.now();
  const visitor = await identify(c.req.raw, c.env, slug);
  const [store, copy] = await Promise.all([
    timing.measure("store", () => loadStore(c.env, slug, now)),
    timing.measure("session", () => sessionOf(visitor, slug, now, c)),
  ]);
  const session = visitor.kind === "known" ? await judged(copy, visitor.shopper, store, c) : copy;
  const privacy = visitor.kind === "anonymous" ? undefined : privacyState(store, session, c.req.raw);
  const shopper = visitor.kind === "anonymous" || privacy !== "on" ? undefined : visitor.shopper;
  const answer = await answerFor({ c, store, session, timing, now, shopper, privacy, isNew: visitor.kind === "new" });

  count(c.env, (work) => c.executionCtx.waitUntil(work), "pages_total", {
    store: slug,
    source: answer.source,
    visitor: shopper === undefined ? "anonymous" : visitor.kind,
  });
  const sent = forReader(answer.body, c.req.raw);
  return completeAnswer(sent, c.var.requestId, {
    ...(sent instanceof PackedDocument && { "Content-Encoding": "gzip", Vary: "Accept-Encoding" }),
    "Content-Type": "text/html; charset=UTF-8",
    "Cache-Control": "private, no-store",
    "Content-Security-Policy": pagePolicy(store, answer.cspHash),
    "Reporting-Endpoints": REPORTING_ENDPOINTS,
    "X-Wand-Source": answer.source,
    "X-Wand-Persona": answer.personaType,
    "Server-Timing": timing.header(),
    ...(visitor.kind === "new" && shopper !== undefined && { "Set-Cookie": visitor.setCookie }),
  });
}

/** A packed document stays so for whoever takes gzip. */
function forReader(document: Document, request: Request): Document {
  if (!(document instanceof PackedDocument)) return document;
  return acceptsGzip(request.headers.get("Accept-Encoding")) ? document : document.bytes();
}

interface Question {
  c: AppContext;
  store: Store;
  session: Session;
  timing: Timing;
  now: number;
  shopper: string | undefined;
  privacy: PrivacyState | undefined;
  isNew: boolean;
}

interface Answer {
  body: Document;
  cspHash: string;
  personaType: string;
  source: string;
}

async function answerFor(question: Question): Promise<Answer> {
  const { c, store, session, timing, now, shopper, privacy, isNew } = question;
  const origin = originOf(c.req.raw);
  const settings = settingsOf(c.env);
  const fallback = (preparing: boolean): Answer => {
    const persona = shopper === undefined ? UNKNOWN_PERSONA : pagePersona(store, session.persona, settings);
    return { ...fallbackPage({ store, persona, origin, preparing, privacy }, now), source: "fallback" };
  };
  if (shopper === undefined) return fallback(false);

  const wanted = variantOf(store, shopper, session.persona, settings);
  const ask = (): void => {
    if (c.req.method === "HEAD") return;
    const reason = reasonFor(session, wanted.personaHash);
    askForPage(c, wanted, { shopper, persona: session.persona, reason, at: now, isNewcomer: isNew });
  };
  if (isNew) {
    // Nothing can be stored for a name that was made just now.
    const makes = settings.GENERATION_TRIGGER === "first-visit" && mayBegin(c.req.raw, store.slug, now);
    if (makes) ask();
    return fallback(makes);
  }
  const look = { env: c.env, log: c.var.log, timing, store, session, wanted, settings, origin, now };
  const personal = await personalPage(look);
  if (personal?.outdated !== false) ask();
  if (personal === undefined) return fallback(true);
  // A page that a cohort shares is there though this shopper's session has not heard of it.
  const isTheirs = session.page?.persona_hash === wanted.personaHash || wanted.subject === COHORT;
  if (!personal.outdated && isTheirs) {
    rememberSession({ store: store.slug, shopper }, session, now);
  }
  const { page, source, outdated } = personal;
  return { ...page, body: outdated ? markPreparing(page.body, page.generatedAt) : page.body, source };
}

async function sessionOf(visitor: Visitor, store: string, now: number, c: AppContext): Promise<Session> {
  if (visitor.kind !== "known") return NEW_SESSION;
  const toldAt = toldOf(c.req.raw, now);
  return readSession(c.env, { store, shopper: visitor.shopper }, c.var.log, { now, toldAt });
}

const judged = (session: Session, shopper: string, store: Store, c: AppContext): Promise<Session> =>
  sessionToJudge(c.env, store, { name: { store: store.slug, shopper }, session, log: c.var.log });

function reasonFor(session: Session, wanted: string): TriggerRequest["reason"] {
  if (session.page === null) return "first_visit";
  return session.page.persona_hash === wanted ? "refresh" : "persona_changed";
}
