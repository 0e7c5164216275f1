import type { Product } from "../contract/product";
import { html, scriptJson, trusted, webUrl, type Html } from "./html";
import type { PageInput } from "./input";
import { byObject } from "./memo";
import { addressOf, pictureOf } from "./product/address";

const MAX_ITEMS = 48; // what a search engine reads of a list; keeps large catalogues' pages small

/** schema.org data of the page: the products of the catalogue, and how the page was made. */
export function structuredData({ shop, page }: PageInput, products: readonly Product[]): Html {
  const collection = {
    "@context": "https://schema.org",
    "@type": "CollectionPage",
    name: shop.name,
    url: webUrl(page.canonicalUrl),
    inLanguage: shop.locale,
    digitalSourceType:
      page.source === "model" ? "https://schema.org/CompositeWithTrainedAlgorithmicMediaDigitalSource" : undefined,
  };
  const about = scriptJson(collection).value.slice(0, -1);
  return html`<script type="application/ld+json">
    ${trusted(`${about},"mainEntity":${itemList(products).value}}`)}
  </script>`;
}

/** Of a catalogue, so it is written once for all of its pages. */
const itemList = byObject((products: readonly Product[]) =>
  scriptJson({
    "@type": "ItemList",
    numberOfItems: products.length,
    itemListElement: products.slice(0, MAX_ITEMS).map((product, index) => ({
      "@type": "ListItem",
      position: index + 1,
      item: productData(product),
    })),
  }),
);

function productData(product: Product): object {
  const offer = {
    priceCurrency: product.currency,
    availability: `https://schema.org/${product.available ? "InStock" : "OutOfStock"}`,
  };
  return {
    "@type": "Product",
    name: product.title,
    url: addressOf(product),
    image: pictureOf(product),
    brand: product.vendor.trim() === "" ? undefined : { "@type": "Brand", name: product.vendor },
    offers:
      product.price_max > product.price
        ? {
            "@type": "AggregateOffer",
            lowPrice: product.price,
            highPrice: product.price_max,
            offerCount: product.variants.length,
            ...offer,
          }
        : { "@type": "Offer", price: product.price, ...offer },
  };
}
