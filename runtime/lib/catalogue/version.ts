import type { Product } from "../../contract/product";
import { canonicalJson } from "../canonicalJson";
import { shortHash } from "../shortHash";

/** First 16 hex digits of SHA-256 over the canonical JSON of the products: equal products, equal version. */
export const catalogueVersion = (products: readonly Product[]): string => shortHash(canonicalJson(products), 16);
