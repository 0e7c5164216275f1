import type { LayoutSpec, Section } from "../contract/layout";
import type { Product } from "../contract/product";
import { FEWEST_TO_FILTER } from "./facets";

/** A section of the layout with products in the place of ids, and an id for the document that nothing else has. */
export type Resolved = {
  [Kind in Section["type"]]: {
    type: Kind;
    anchor: string;
    config: Extract<Section, { type: Kind }>["config"];
    /** What a grid or a recommendation lists. */
    products: readonly Product[];
    /** What a hero or a call to action leads to. */
    product: Product | undefined;
  };
}[Section["type"]];
export type ResolvedSection<Kind extends Section["type"]> = Extract<Resolved, { type: Kind }>;

export interface ResolvedLayout {
  sections: Resolved[];
  /** Products that are not shown with their price, in catalogue order; where there is a filter, all that no list has. */
  rest: readonly Product[];
  /** Where "see the products" leads: the first list of products. */
  firstList: string | undefined;
}

export const REST_ANCHOR = "everything";

/**
 * Joins a layout with the catalogue. Unknown ids are dropped, a list that ends empty is left out, and where no list is left
 * the products that can be bought (all, when none can) make one, unless a hero shows all there is.
 */
export function resolve(layout: LayoutSpec, products: readonly Product[]): ResolvedLayout {
  const catalogue = new Map(products.map((product) => [product.id, product]));
  const anchors = new Set<string>();
  const sections: Resolved[] = [];
  for (const section of layout.sections) {
    const listed = "product_ids" in section.config ? known(section.config.product_ids, catalogue) : [];
    if ("product_ids" in section.config && listed.length === 0) continue;
    const productId = "product_id" in section.config ? section.config.product_id : undefined;
    const product = productId === undefined ? undefined : catalogue.get(productId);
    sections.push({ ...section, anchor: unique(section.id, anchors), products: listed, product } as Resolved);
  }
  const inHero = sections.flatMap((section) => inFull(section)?.id ?? []);
  const isAllInHero = products.every((product) => inHero.includes(product.id));
  if (!sections.some(isList) && !isAllInHero) sections.push(wholeCatalogue(products, anchors));
  const listed = sections.flatMap((section) => section.products.map((product) => product.id));
  const isFiltered = products.length >= FEWEST_TO_FILTER && sections.some(({ type }) => type === "filters");
  const shown = new Set(isFiltered ? listed : [...listed, ...inHero]); // a filter reaches what is in a list
  const rest = [...catalogue.values()].filter((product) => !shown.has(product.id));
  return { sections, rest, firstList: sections.find(isList)?.anchor };
}

export const isList = (section: Resolved): boolean => section.type === "grid" || section.type === "recommendations";

/** What a hero shows with its picture and price. */
const inFull = (section: Resolved): Product | undefined =>
  section.type === "hero" && section.config.style !== "quiet" ? section.product : undefined;

function known(ids: readonly string[], catalogue: ReadonlyMap<string, Product>): Product[] {
  return [...new Set(ids)].flatMap((id) => catalogue.get(id) ?? []);
}

/** Ids of sections begin with `s-`, so they meet no id of the page itself. */
function unique(id: string, taken: Set<string>): string {
  let anchor = `s-${id}`;
  for (let n = 2; taken.has(anchor); n++) anchor = `s-${id}-${n}`;
  taken.add(anchor);
  return anchor;
}

function wholeCatalogue(products: readonly Product[], anchors: Set<string>): Resolved {
  const available = products.filter((product) => product.available);
  return {
    type: "grid",
    anchor: unique("products", anchors),
    config: { title: "", columns: 4, product_ids: [], density: "regular", item: "card", show: ["saving"] },
    products: available.length > 0 ? available : products,
    product: undefined,
  };
}
