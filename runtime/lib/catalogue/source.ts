import type { Product } from "../../contract/product";
import type { CatalogueProblem } from "./errors";

/** Why a product of the source is not in the catalogue: its status in the shop, or hidden from the online store. */
export type UnpublishedReason = "draft" | "archived" | "unlisted" | "hidden";

/** A product that the shop itself does not show to shoppers; it is counted, and not checked, as drafts are unfinished. */
export interface UnpublishedProduct {
  id: string;
  title: string;
  reason: UnpublishedReason;
}

/** What a source was read as: nothing of it is lost, each product is in one of the three. */
export interface SourceReading {
  products: Product[];
  unpublished: UnpublishedProduct[];
  /** What is wrong; the rows (or products) they are about are in neither list. */
  problems: CatalogueProblem[];
  /** Whether Shopify wrote it: then its variants' ids, where they are numbers, are Shopify's. */
  isShopify: boolean;
}

/** What one product of a JSON source was read as; the paths of faults are inside that product. */
export type JsonProduct =
  | { product: Product }
  | { unpublished: UnpublishedProduct }
  | { faults: { path: PropertyKey[]; message: string }[] };
