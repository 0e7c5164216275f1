import type { LayoutSpec } from "../contract/layout";
import type { Product } from "../contract/product";
import type { StoreRecord } from "../contract/store";

/** What a page shows of the shop itself. */
export type ShopFace = Pick<StoreRecord, "slug" | "name" | "locale" | "currency" | "shop_url" | "brand">;

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
