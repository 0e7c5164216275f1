import type { CachedUI } from "../../contract/cachedUi";
import type { LayoutSpec } from "../../contract/layout";
import { PersonaTypeSchema, type Persona } from "../../contract/persona";
import { render, templateLayout } from "../../page";
import { scriptUrl } from "../assets";
import { recallPage, rememberPage, type ReadyPage } from "../cache/memory";
import type { Store } from "../stores/record";

/** The store's address without a shopper in it. */
export const canonicalUrl = (origin: string, slug: string): string => `${origin}/s/${slug}`;

/** The page that needs neither a model nor a tier: the template's, for a persona. The same one for all who have it. */
export function fallbackPage(
  { store, persona, origin, preparing }: { store: Store; persona: Persona; origin: string; preparing: boolean },
  now: number,
): ReadyPage {
  const key = ["fallback", origin, store.slug, store.catalogue.version, preparing, JSON.stringify(persona)].join("|");
  const before = recallPage(key, now);
  if (before !== undefined) return before;
  const layout = templateLayout({
    persona,
    products: store.catalogue.products,
    brand: store.brand,
    shopName: store.name,
  });
  const { html, cspHash } = draw(layout, store, origin, { preparing, source: "template" });
  const page: ReadyPage = {
    html,
    cspHash,
    personaType: persona.type,
    personaHash: "",
    generatedAt: new Date(now).toISOString(),
    source: "template",
  };
  rememberPage(key, page, now);
  return page;
}

/** A stored page's layout with today's catalogue; undefined when its layout was not stored with it. */
export function renderAgain(
  page: CachedUI,
  store: Store,
  origin: string,
): Pick<ReadyPage, "html" | "cspHash"> | undefined {
  const persona = PersonaTypeSchema.safeParse(page.meta.persona_type);
  if (page.ui.components.length === 0 || !persona.success) return undefined;
  const layout: LayoutSpec = { version: 1, persona: persona.data, sections: page.ui.components };
  return draw(layout, store, origin, { preparing: false, source: page.source });
}

function draw(
  layout: LayoutSpec,
  store: Store,
  origin: string,
  options: { preparing: boolean; source: CachedUI["source"] },
): Pick<ReadyPage, "html" | "cspHash"> {
  const page = { canonicalUrl: canonicalUrl(origin, store.slug), scriptUrl, ...options };
  return render({ layout, shop: store, products: store.catalogue.products, page });
}

/** Marks a stored page as one that a newer page is being made for, so that the script waits for that. */
export function markPreparing(html: string): string {
  return html.replace(/^(\s*<!doctype html>\s*<html\b)(?![^>]*data-wand-preparing)/i, "$1 data-wand-preparing");
}
