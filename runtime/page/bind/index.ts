import type { RenderedPage } from "../input";
import { compose, type PageFacts } from "./compose";
import { takeApart } from "./slots";

export { compose, type PageFacts } from "./compose";
export { LINK_ATTRIBUTE, SLOT, takeApart, type Parts } from "./slots";
export { MADE_ID, ownCss } from "./style";

/**
 * A page that a model wrote, with the facts of another day: prices, titles, links, pictures, availability, the head and its
 * structured data. Its style sheet stays, and so does the hash of it. Pure. Undefined for a page that cannot be bound anew:
 * one that was not put together here, or none of whose products can be bought any more.
 */
export function bindFacts(html: string, facts: PageFacts): RenderedPage | undefined {
  const parts = takeApart(html);
  return parts && compose(parts, facts);
}
