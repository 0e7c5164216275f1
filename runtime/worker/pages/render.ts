import type { CachedUI } from "../../contract/cachedUi";
import type { LayoutSpec } from "../../contract/layout";
import { PersonaTypeSchema, type Persona } from "../../contract/persona";
import { bindFacts, render, templateLayout } from "../../page";
import { escapeText } from "../../page/html";
import { isSentWhole } from "../pool/generateRequest";
import { scriptUrl } from "../assets";
import { bytesOf, recallPage, rememberPage, type Document, type ReadyPage } from "../cache/memory";
import { sectionsOf, type StoredUI } from "../cache/storedUi";
import type { PrivacyState } from "../privacy/consent";
import type { Store } from "../stores/record";

/** The store's address without a shopper in it. */
export const canonicalUrl = (origin: string, slug: string): string => `${origin}/s/${slug}`;

/** A document, and the hash of its one style element. */
export interface Drawn {
  html: string;
  cspHash: string;
}

interface Fallback {
  store: Store;
  persona: Persona;
  origin: string;
  preparing: boolean;
  /** What it says of personalisation; nothing to a machine. */
  privacy: PrivacyState | undefined;
}

const texts = new WeakMap<Persona, string>();

/** A persona as a part of a key; written once for the one that most visitors have. */
function textOf(persona: Persona): string {
  let text = texts.get(persona);
  if (text === undefined) texts.set(persona, (text = JSON.stringify(persona)));
  return text;
}

/** The page that needs neither a model nor a tier: the template's, for a persona. The same one for all who have it. */
export function fallbackPage({ store, persona, origin, preparing, privacy }: Fallback, now: number): ReadyPage {
  const key = ["fallback", origin, store.slug, store.catalogue.version, preparing, privacy, textOf(persona)].join("|");
  const before = recallPage(key, now);
  if (before !== undefined) return before;
  const layout = templateLayout({
    persona,
    products: store.catalogue.products,
    brand: store.brand,
    shopName: store.name,
    locale: store.locale,
  });
  const { html, cspHash } = draw(layout, store, origin, { preparing, privacy, source: "template" });
  const page: ReadyPage = {
    body: html,
    cspHash,
    personaType: persona.type,
    personaHash: "",
    generatedAt: new Date(now).toISOString(),
    source: "template",
  };
  rememberPage(key, page, now);
  return page;
}

/**
 * A stored page with today's catalogue: its layout is drawn again, or what a model wrote is filled with today's facts.
 * Undefined when neither can be: its layout was not stored with it, or nothing it shows is there any more.
 */
export function renderAgain(page: StoredUI, store: Store, origin: string): Drawn | undefined {
  const persona = PersonaTypeSchema.safeParse(page.meta.persona_type).data;
  if (persona === undefined) return undefined;
  if (page.format === "html") {
    const about = { canonicalUrl: canonicalUrl(origin, store.slug), scriptUrl, source: page.source };
    return bindFacts(page.ui.html, { persona, shop: store, products: store.catalogue.products, page: about });
  }
  const sections = sectionsOf(page);
  if (sections === undefined || sections.length === 0) return undefined;
  const layout: LayoutSpec = { version: 1, persona, sections };
  return draw(layout, store, origin, { preparing: false, privacy: undefined, source: page.source });
}

/**
 * A page as it is stored. A generator is sent a part of a large catalogue; where that left something out, the page is drawn
 * again from all of it, so that it shows the same as one that is drawn here.
 */
export function wholePage(page: CachedUI, store: Store, origin: string): CachedUI {
  if (isSentWhole(store.catalogue.products)) return page;
  const drawn = renderAgain(page, store, origin);
  return drawn === undefined ? page : { ...page, ui: { ...page.ui, html: drawn.html }, csp_hash: drawn.cspHash };
}

function draw(
  layout: LayoutSpec,
  store: Store,
  origin: string,
  options: { preparing: boolean; privacy: PrivacyState | undefined; source: CachedUI["source"] },
): Drawn {
  const { privacy, ...others } = options;
  const page = { canonicalUrl: canonicalUrl(origin, store.slug), scriptUrl, ...others, ...(privacy && { privacy }) };
  return render({ layout, shop: store, products: store.catalogue.products, page });
}

/** Room for a document's first tag and what comes before it. */
const OPENING_BYTES = 200;

/** Marks a stored page as one that a newer page is being made for, so that the script waits for one made after it. */
export function markPreparing(document: Document, generatedAt: string): Uint8Array {
  const body = bytesOf(document);
  const opening = new TextDecoder().decode(body.subarray(0, OPENING_BYTES));
  const tag = /^(\s*<!doctype html>\s*<html\b)(?![^>]*data-wand-preparing)/i.exec(opening)?.[0];
  if (tag === undefined) return body;
  const mark = new TextEncoder().encode(`${tag} data-wand-preparing="${escapeText(generatedAt)}"`);
  const marked = new Uint8Array(mark.length + body.length - tag.length);
  marked.set(mark);
  marked.set(body.subarray(tag.length), mark.length);
  return marked;
}
