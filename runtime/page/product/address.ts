import type { Product } from "../../contract/product";
import { webUrl } from "../html";
import { byObject } from "../memo";

/** The product's page in the shop; undefined for what is no address of the web. */
export const addressOf = byObject((product: Product) => webUrl(product.url));

/** The shop's picture of a product; undefined where it has none. */
export const pictureOf = byObject((product: Product) => webUrl(product.image_url));
