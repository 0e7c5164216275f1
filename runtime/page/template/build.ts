import type { Section } from "../../contract/layout";
import type { Signals } from "../../contract/persona";
import type { Product } from "../../contract/product";
import type { Lines } from "./copy";

/** What the layout of a persona is made from. `ranked` are all products, best suited first. */
export interface Shelf {
  lines: Lines;
  signals: Signals;
  products: readonly Product[];
  ranked: readonly Product[];
}

type Config<Kind extends Section["type"]> = Extract<Section, { type: Kind }>["config"];

/** Ids of products for a section; a list that is empty makes no section (`undefined`). */
const ids = (products: readonly Product[]): string[] => products.map((product) => product.id);

export function hero(config: Omit<Config<"hero">, "product_id">, product?: Product): Section {
  return { type: "hero", id: "hero", config: product === undefined ? config : { ...config, product_id: product.id } };
}

export function grid(id: string, config: Omit<Config<"grid">, "product_ids">, products: readonly Product[]): Section[] {
  return products.length === 0
    ? []
    : [{ type: "grid", id, config: { ...config, product_ids: ids(products).slice(0, 96) } }];
}

export function recommendations(id: string, title: string, reason: string, products: readonly Product[]): Section[] {
  if (products.length === 0) return [];
  return [{ type: "recommendations", id, config: { title, reason, product_ids: ids(products).slice(0, 12) } }];
}

export function filters(title: string, facets: Config<"filters">["facets"]): Section {
  return { type: "filters", id: "filters", config: { title, facets } };
}

export function cta(title: string, text: string, label: string, product?: Product): Section {
  const config = { title, text, cta_text: label };
  return { type: "cta", id: "cta", config: product === undefined ? config : { ...config, product_id: product.id } };
}

/** Those of `products` that are not among `others`. */
export function without(products: readonly Product[], ...others: readonly (readonly Product[])[]): Product[] {
  const taken = new Set(others.flat().map((product) => product.id));
  return products.filter((product) => !taken.has(product.id));
}
