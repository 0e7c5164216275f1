import type { GenerateRequest } from "../../contract/generate";
import type { Product } from "../../contract/product";
import type { ShopFace } from "../../page";
import type { LayoutLimits } from "./layout";

/** What pages are made from, in every mode. */
export interface Material {
  request: GenerateRequest;
  shop: ShopFace;
  products: readonly Product[];
  limits: LayoutLimits;
}
