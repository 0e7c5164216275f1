import { namesAddress, namesContact } from "./elsewhere";
import { fold } from "./fold";
import { namesMoney } from "./money";

/** What a text of a model says that only the catalogue may say, or that is no text for a reader. */
export type Claim = "nothing" | "money" | "address" | "contact" | "markup" | "machine word" | "mixed letters";

/** The start of a tag, a comment or a code of a character; `I <3 wands` and `Fish & Chips` are none. */
const MARKUP = /<[/!?\p{L}]|&(?:#\w+|\w{2,24});/u;
/** `prod_999`: names of programs, and so ids of products that may or may not be there. */
const MACHINE_WORD = /[\p{L}\p{N}]_+[\p{L}\p{N}]/u;
/** Letters that look alike, of two scripts in one word. µ, π and Ω stand before units. */
const MIXED =
  /\p{Script=Latin}(?![μπΩ])[\p{Script=Cyrillic}\p{Script=Greek}]|(?![μπΩ])[\p{Script=Cyrillic}\p{Script=Greek}]\p{Script=Latin}/u;

/**
 * The one rule for words that a model writes, in every mode: no price and no reduction, no way out of the shop, no markup and
 * no id, since nothing of these can be bound to the catalogue of the day. Undefined for a text that may stand.
 */
export function claimOf(text: string): Claim | undefined {
  const folded = fold(text);
  if (folded === "") return "nothing";
  if (MIXED.test(text.normalize("NFC"))) return "mixed letters";
  if (namesMoney(folded)) return "money";
  if (namesAddress(folded)) return "address";
  if (namesContact(folded)) return "contact";
  if (MARKUP.test(folded)) return "markup";
  return MACHINE_WORD.test(folded) ? "machine word" : undefined;
}
