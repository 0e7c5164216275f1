import type { TrackEvent } from "../../contract/events";
import type { Product } from "../../contract/product";

/** What is remembered of a product a shopper touched: its facts at that moment, so that no catalogue is needed later. */
export interface Touch {
  id: string;
  category: string;
  price: number;
  /** Place of its price in the catalogue of that moment: 0 the cheapest, 1 the dearest. */
  rank: number;
  /** It cost more before. */
  reduced: boolean;
}

/** One event of a shopper with what the catalogue said of its products. */
export interface Fact {
  /** Milliseconds since 1970. */
  at: number;
  event: TrackEvent;
  touched: Touch[];
}

/** Finds products by id and places their prices; made once for a catalogue. */
export interface ProductIndex {
  touch(id: string): Touch | undefined;
}

export function indexProducts(products: readonly Product[]): ProductIndex {
  const byId = new Map(products.map((product) => [product.id, product]));
  const prices = products.map((product) => product.price).toSorted((a, b) => a - b);
  const highest = Math.max(1, prices.length - 1);
  return {
    touch(id) {
      const product = byId.get(id);
      if (product === undefined) return undefined;
      return {
        id,
        category: product.category,
        price: product.price,
        rank: prices.indexOf(product.price) / highest,
        reduced: product.compare_at_price !== null && product.compare_at_price > product.price,
      };
    },
  };
}

/** The event as it is remembered. A product the catalogue does not have leaves no touch. */
export function factOf(event: TrackEvent, index: ProductIndex, at: number): Fact {
  const touched = productIds(event)
    .map((id) => index.touch(id))
    .filter((touch) => touch !== undefined);
  return { at, event, touched };
}

function productIds(event: TrackEvent): readonly string[] {
  if ("product_id" in event) return [event.product_id];
  if ("product_ids" in event) return event.product_ids;
  return [];
}
