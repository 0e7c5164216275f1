import type { Product } from "../../contract/product";
import type { Money } from "../money";
import type { Words } from "../words";

/** Units; under this a shopper is told the number. */
export const LOW_STOCK = 5;

/** What a product is cheaper by now: amount in its currency, and whole percent rounded down so that nothing is overstated. */
export function savingOf(product: Product): { amount: number; percent: number } | undefined {
  const before = product.compare_at_price;
  if (before === null || before <= product.price) return undefined;
  const amount = before - product.price;
  return { amount, percent: Math.floor((amount / before) * 100 + 1e-9) };
}

/** The price as shown; `From` where variants differ. */
export function priceLabel(product: Product, money: Money, words: Words): string {
  const price = money(product.price, product.currency);
  return product.price_max > product.price ? words.from(price) : price;
}

/** `Sold out`, `3 left` or `In stock`. */
export function stockLabel(product: Product, words: Words): string {
  if (!product.available) return words.soldOut;
  const left = leftOf(product);
  return left === undefined ? words.inStock : words.left(left);
}

/** How many can still be bought, where the shop counts them and they are few. */
export function leftOf(product: Product): number | undefined {
  const counts = product.variants.filter((variant) => variant.available).map((variant) => variant.inventory);
  if (counts.length === 0 || counts.some((count) => count === null || count <= 0)) return undefined;
  const left = counts.reduce<number>((sum, count) => sum + (count ?? 0), 0);
  return left < LOW_STOCK ? left : undefined;
}

/** At most `max` characters, ended at a word with an ellipsis. Splits no character in two. */
export function clip(text: string, max: number): string {
  const flat = text.replace(/\s+/g, " ").trim();
  if (flat.length <= max) return flat;
  const head = flat.slice(0, max - 1).replace(/\p{Surrogate}$/u, "");
  const word = head.lastIndexOf(" ");
  return `${head.slice(0, word > max / 2 ? word : undefined).replace(/[\s,.;:–-]+$/, "")}…`;
}
