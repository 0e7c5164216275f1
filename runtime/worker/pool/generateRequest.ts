import type { GenerateProduct, GenerateRequest } from "../../contract/generate";
import type { Product } from "../../contract/product";
import { relevantProducts } from "../../lib/persona/relevance";
import { scriptUrl } from "../assets";
import type { Store } from "../stores/record";
import type { TriggerRequest } from "./job";

/** Products a generator is given: more would make the prompt dearer and the choice no better. */
const MOST_PRODUCTS = 48;
/** Characters of a description that are sent; a page shows fewer. */
const DESCRIPTION_LENGTH = 600;
/** Further pictures and variants are the shop's own page's business. */
const MOST_VARIANTS = 20;

/** The generator's request for a job, from today's record of the shop. */
export function generateRequest(
  job: TriggerRequest,
  store: Store,
  options: NonNullable<GenerateRequest["options"]> = {},
): GenerateRequest {
  return {
    shopper_id: job.subject,
    persona: { ...job.persona, hash: job.persona_hash },
    shop: {
      shop_id: store.slug,
      name: store.name,
      locale: store.locale,
      shop_url: store.shop_url,
      ...(store.checkout && { checkout: { kind: store.checkout.kind } }),
      catalogue_version: store.catalogue.version,
      products: relevantProducts(store.catalogue.products, job.persona, MOST_PRODUCTS).map(shorten),
      brand_guidelines: store.brand,
    },
    page: { canonical_url: job.canonical_url, script_url: scriptUrl },
    options,
  };
}

/** Whether a generator is sent all of these products that a page can show. */
export const isSentWhole = (products: readonly Product[]): boolean =>
  products.length <= MOST_PRODUCTS && products.every((product) => product.variants.length <= MOST_VARIANTS);

function shorten(product: Product): GenerateProduct {
  return {
    ...product,
    description: product.description.slice(0, DESCRIPTION_LENGTH),
    images: product.images.slice(0, 1),
    variants: product.variants.slice(0, MOST_VARIANTS),
  };
}
