import * as z from "zod";
import { WandError, type FaultCode } from "../../contract/errors";
import { SectionSchema, type Section } from "../../contract/layout";
import type { Product } from "../../contract/product";
import { compose, lookOf, MADE_ID, ownCss, tameWords, type PageFacts, type RenderedPage } from "../../page";
import { findObject } from "../generation/json";
import { restrictLayout, type LayoutLimits } from "../generation/layout";
import { faultsOf, type Allowed } from "./check";
import { normal, type Catalogue } from "./places";
import { sanitise } from "./sanitise";

/** A page of 40 KB is a large one; parsers are given no more than this, in characters. */
const LONGEST_DOCUMENT = 200_000;
const LONGEST_ANSWER = 1_000_000;

const AnswerSchema = z.object({
  html: z.string().min(1).max(LONGEST_DOCUMENT),
  components: z.array(z.unknown()).max(50).default([]),
});

/** A page a model wrote, made safe and filled with facts. */
export interface WrittenPage extends RenderedPage {
  /** What the model says is in its page, as far as it is a list of sections. */
  components: Section[];
}

/**
 * Reads what a model wrote: the JSON of the wire contract with a whole document in it. The document is sanitised, filled with
 * the facts of the catalogue, and judged by a check that knows nothing of the sanitiser.
 *
 * @throws {WandError} GENERATION_FAILED, or UNSAFE_PAGE when the check refused it; the message quotes nothing of the text.
 */
export function readPage(text: string, facts: PageFacts, limits: LayoutLimits): WrittenPage {
  if (text.length > LONGEST_ANSWER) throw refused("is longer than a page can be");
  const answer = findObject(text, "html") ?? bareDocument(text);
  if (answer === undefined) throw new WandError("GENERATION_FAILED", "The model did not answer with the JSON object.");
  const parsed = AnswerSchema.safeParse(answer);
  if (!parsed.success) throw refused(`is malformed at ${parsed.error.issues[0]?.path.join(".") ?? "its top"}`);
  const look = lookOf(facts.shop.brand);
  const page = unlessTooDeep(() => compose(sanitise(parsed.data.html, catalogueOf(facts.products), look), facts));
  if (page === undefined) throw refused("shows no product of the catalogue");
  const faults = unlessTooDeep(() => faultsOf(page.html, allowedIn(facts, ownCss(look))));
  if (faults.length > 0) throw refused(`is not safe: ${faults.slice(0, 3).join(", ")}`, "UNSAFE_PAGE");
  return { ...page, components: componentsOf(parsed.data.components, facts.shop, limits) };
}

/** A whole document where a JSON object with one was asked for, in a fence or without; undefined for anything else. */
function bareDocument(text: string): object | undefined {
  const start = text.search(/<!doctype html|<html[\s>]/i);
  const end = text.toLowerCase().lastIndexOf("</html>");
  if (start === -1 || end < start || !/^\s*(?:```(?:html)?\s*)?$/i.test(text.slice(0, start))) return undefined;
  return { html: text.slice(start, end) };
}

const refused = (why: string, code: FaultCode = "GENERATION_FAILED"): WandError =>
  new WandError(code, `The model's page ${why}.`);

/** Elements within elements a thousand deep end a recursion, not the generator. */
function unlessTooDeep<Result>(work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    if (error instanceof RangeError) throw refused("is nested too deeply");
    throw error;
  }
}

function catalogueOf(products: readonly Product[]): Catalogue {
  return {
    ids: new Set(products.filter((product) => product.available).map((product) => product.id)),
    byAddress: new Map(products.map((product) => [normal(product.url), product.id])),
  };
}

function allowedIn({ shop, products, page }: PageFacts, own: string): Allowed {
  return {
    links: new Set([shop.shop_url, ...products.map((product) => product.url)].map(normal)),
    pictures: new Set(products.flatMap((product) => (product.image_url === null ? [] : normal(product.image_url)))),
    script: page.scriptUrl,
    canonical: page.canonicalUrl === undefined ? undefined : normal(page.canonicalUrl),
    ownCss: own,
    madeId: MADE_ID,
  };
}

function componentsOf(given: readonly unknown[], shop: PageFacts["shop"], limits: LayoutLimits): Section[] {
  const sections = given.flatMap((one) => SectionSchema.safeParse(one).data ?? []).slice(0, 12);
  return restrictLayout(tameWords({ version: 1, persona: limits.persona, sections }, shop), limits).sections;
}
