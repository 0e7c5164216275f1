import type { Product } from "../contract/product";
import { savingOf } from "./product/facts";
import type { Money } from "./money";
import type { Words } from "./words";

/**
 * One choice of a filter. It works without a script: a link leads to the lens's own element, and while that element is the
 * target of the address (`:target`), CSS hides the items after it that do not carry the lens's class.
 */
export interface Lens {
  facet: Facet;
  /** Class of the items it keeps; its element's id is `only-{token}`. */
  token: string;
  label: string;
  products: ReadonlySet<string>;
}
export type Facet = "category" | "price" | "saving";

const MAX_CATEGORIES = 14;
/** Fewer products are seen at a glance. */
export const FEWEST_TO_FILTER = 6;

/** The choices of these facets, leaving out a facet that has but one; none where there is little to choose from. */
export function lensesOf(
  products: readonly Product[],
  facets: readonly Facet[],
  { money, words }: { money: Money; words: Words },
): Lens[] {
  const makers: Record<Facet, () => Lens[]> = {
    category: () => categoryLenses(products),
    price: () => priceLenses(products, money, words),
    saving: () => savingLens(products, words.reduced),
  };
  if (products.length < FEWEST_TO_FILTER) return [];
  return [...new Set(facets)].flatMap((facet) => makers[facet]());
}

const idsWhere = (products: readonly Product[], test: (product: Product) => boolean): ReadonlySet<string> =>
  new Set(products.filter(test).map((product) => product.id));

function categoryLenses(products: readonly Product[]): Lens[] {
  const names = [...new Set(products.map((product) => product.category))].filter((name) => name.trim() !== "");
  if (names.length < 2) return [];
  return names.slice(0, MAX_CATEGORIES).map((name, index) => ({
    facet: "category",
    token: `c${index}`,
    label: name,
    products: idsWhere(products, (product) => product.category === name),
  }));
}

function savingLens(products: readonly Product[], label: string): Lens[] {
  const ids = idsWhere(products, (product) => savingOf(product) !== undefined);
  if (ids.size === 0 || ids.size === products.length) return [];
  return [{ facet: "saving", token: "d0", label, products: ids }];
}

/** Three bands at round amounts near the thirds of the prices. */
function priceLenses(products: readonly Product[], money: Money, words: Words): Lens[] {
  const currency = products[0]?.currency;
  if (currency === undefined || products.some((product) => product.currency !== currency)) return [];
  const prices = products.map((product) => product.price).toSorted((a, b) => a - b);
  const third = (n: number): number => roundAmount(prices[Math.floor((prices.length * n) / 3)] ?? 0);
  const [low, high] = [third(1), third(2)];
  const [from, to] = [money(low, currency, "round"), money(high, currency, "round")];
  const bands: [string, (price: number) => boolean][] = [
    [words.under(from), (price) => price < low],
    [words.between(from, to), (price) => price >= low && price <= high],
    [words.over(to), (price) => price > high],
  ];
  if (low <= 0 || low >= high) return [];
  const lenses = bands.map(([label, test], index) => ({
    facet: "price" as const,
    token: `p${index}`,
    label,
    products: idsWhere(products, (product) => test(product.price)),
  }));
  return lenses.filter((lens) => lens.products.size > 0);
}

/** To the nearest amount of one or two round digits. */
function roundAmount(amount: number): number {
  if (amount <= 0) return 0;
  const power = 10 ** Math.floor(Math.log10(amount));
  const steps = [1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10].map((step) => step * power);
  return steps.reduce((best, step) => (Math.abs(step - amount) < Math.abs(best - amount) ? step : best));
}
