import type { Signals } from "../../contract/persona";
import type { Product } from "../../contract/product";
import { byObject } from "../memo";
import { savingOf } from "../product/facts";

const PRICE_WEIGHT = { low: 0.1, medium: 0.3, high: 0.6 } as const; // how much a cheap product gains for a careful shopper

/** 1 for the shopper's first category, less for each further one, 0 for the others. Categories and tags are compared. */
export function preference(product: Product, { category_preferences: preferred }: Signals): number {
  const names = shelvesOf(product);
  const place = preferred.findIndex((category) => names.has(category.trim().toLowerCase()));
  return place === -1 ? 0 : 1 / (1 + place * 0.5);
}

const shelvesOf = byObject(
  (product: Product) => new Set([product.category, ...product.tags].map((name) => name.trim().toLowerCase())),
);

/**
 * Products in the order that suits the signals: what can be bought first, then by category, nearness to what the shopper
 * usually spends, and savings for those who look at prices. Ties keep the catalogue's order, so the result is repeatable.
 */
export function rank(products: readonly Product[], signals: Signals): Product[] {
  const dearest = Math.max(1, ...products.map((product) => product.price));
  const score = (product: Product): number => {
    const usual = signals.avg_order_value;
    const near = usual > 0 ? 1 / (1 + Math.abs(product.price - usual) / usual) : 0;
    const saving = (savingOf(product)?.percent ?? 0) / 100;
    const careful = PRICE_WEIGHT[signals.price_sensitivity];
    return (
      (product.available ? 10 : 0) +
      2 * preference(product, signals) +
      near +
      careful * (2 * saving + 1 - product.price / dearest)
    );
  };
  return byScore(products, score);
}

/** The highest score first; each product is scored once. */
function byScore(products: readonly Product[], score: (product: Product) => number): Product[] {
  const scored = products.map((product) => ({ product, points: score(product) }));
  return scored.toSorted((a, b) => b.points - a.points).map(({ product }) => product);
}

const percent = (product: Product): number => savingOf(product)?.percent ?? 0;

/** Those that are reduced and can be bought, the largest saving first. */
export function bySaving(products: readonly Product[]): Product[] {
  return byScore(
    products.filter((product) => product.available && percent(product) > 0),
    percent,
  );
}

export function byPrice(products: readonly Product[]): Product[] {
  return products.toSorted((a, b) => a.price - b.price);
}

/** One of each category in turn, categories in the order they first appear: the widest choice at the top. */
export function byVariety(products: readonly Product[]): Product[] {
  const shelves = [...byCategory(products).values()];
  const rounds = Math.max(0, ...shelves.map((shelf) => shelf.length));
  return Array.from({ length: rounds }, (_, round) => shelves.flatMap((shelf) => shelf[round] ?? [])).flat();
}

/** Categories in the order they first appear, each with its products in the order given. */
export function byCategory(products: readonly Product[]): Map<string, Product[]> {
  const shelves = new Map<string, Product[]>();
  for (const product of products) {
    const shelf = shelves.get(product.category);
    if (shelf === undefined) shelves.set(product.category, [product]);
    else shelf.push(product);
  }
  return shelves;
}
