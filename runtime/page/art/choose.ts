import type { Product } from "../../contract/product";
import { GENERIC } from "./generic";
import { HOME } from "./home";
import { MAGIC } from "./magic";
import type { Motif } from "./motif";
import { PAPER } from "./paper";
import { VESSELS } from "./vessels";
import { WEAR } from "./wear";

const MOTIFS: readonly Motif[] = [...MAGIC, ...VESSELS, ...PAPER, ...WEAR, ...HOME];
const EVERY_NOUN = MOTIFS.map((motif) => [motif, new RegExp(motif.nouns, "g")] as const);

/**
 * What a product is, by the nouns of its title, else of its category, else of its tags. English puts the thing last, and
 * before "of", "to", "for" or "with": a "Book of Wands" is a book, a "Wand Holster" a holster.
 */
export function choose({ title, category, tags }: Pick<Product, "title" | "category" | "tags">): Motif {
  const [head = ""] = title.split(/\s(?:of|to|for|with|in|from|–|-)\s|[,(:]/i);
  return lastNamed(head) ?? lastNamed(title) ?? lastNamed(category) ?? lastNamed(tags.join(" ")) ?? GENERIC;
}

function lastNamed(text: string): Motif | undefined {
  const lower = text.toLowerCase();
  let found: Motif | undefined;
  let at = -1;
  for (const [motif, nouns] of EVERY_NOUN) {
    nouns.lastIndex = 0;
    for (let match = nouns.exec(lower); match !== null; match = nouns.exec(lower)) {
      if (match.index > at) [found, at] = [motif, match.index];
    }
  }
  return found;
}
