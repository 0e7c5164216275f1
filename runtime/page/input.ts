import type { LayoutSpec } from "../contract/layout";
import type { Product } from "../contract/product";
import type { Checkout, StoreRecord } from "../contract/store";

/** What a page shows of the shop itself. */
export type ShopFace = Pick<StoreRecord, "slug" | "name" | "locale" | "currency" | "shop_url" | "brand"> & {
  /** How products are bought; left out, on their pages in the shop. */
  checkout?: Pick<Checkout, "kind">;
};

export interface PageInput {
  layout: LayoutSpec;
  shop: ShopFace;
  /** The only source of facts: titles, prices, links, pictures, availability. */
  products: readonly Product[];
  page: {
    canonicalUrl?: string;
    scriptUrl?: string;
    /** A personal page is being made; the page says so and the script waits for it. */
    preparing?: boolean;
    /** How personalisation stands: on (it can be switched off), off, or to be asked. Left out, the page says nothing of it. */
    privacy?: "on" | "off" | "ask";
    /** Who made the layout, for the visible and the machine-readable mark. Left out, the mark names nobody. */
    source?: "model" | "template";
  };
}

export interface RenderedPage {
  /** The whole document, with one style element. */
  html: string;
  /** Text of the style element. */
  css: string;
  /** `sha256-…` (base64) of `css`, as a CSP names it inside single quotes. */
  cspHash: string;
  /** Hosts (with port, without scheme) that the page's pictures come from, sorted, for `img-src`. */
  imageHosts: string[];
}
