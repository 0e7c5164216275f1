import type { Product } from "../contract/product";
import { html, scriptJson, webUrl, type Html } from "./html";
import type { PageInput } from "./input";

const MAX_ITEMS = 48; // what a search engine reads of a list; keeps large catalogues' pages small

/** schema.org data of the page: the products in the order shown, and how the page was made. */
export function structuredData({ shop, page }: PageInput, products: readonly Product[]): Html {
  const collection = {
    "@context": "https://schema.org",
    "@type": "CollectionPage",
    name: shop.name,
    url: webUrl(page.canonicalUrl),
    inLanguage: shop.locale,
    digitalSourceType:
      page.source === "model" ? "https://schema.org/CompositeWithTrainedAlgorithmicMediaDigitalSource" : undefined,
    mainEntity: {
      "@type": "ItemList",
      numberOfItems: products.length,
      itemListElement: products.slice(0, MAX_ITEMS).map((product, index) => ({
        "@type": "ListItem",
        position: index + 1,
        item: productData(product),
      })),
    },
  };
  return html`<script type="application/ld+json">
    ${scriptJson(collection)}
  </script>`;
}

function productData(product: Product): object {
  const availability = product.available ? "InStock" : "OutOfStock";
  const offer = { priceCurrency: product.currency, availability };
  return {
    "@type": "Product",
    name: product.title,
    url: webUrl(product.url),
    image: webUrl(product.image_url),
    brand: product.vendor.trim() === "" ? undefined : { "@type": "Brand", name: product.vendor },
    offers:
      product.price_max > product.price
        ? { "@type": "AggregateOffer", lowPrice: product.price, highPrice: product.price_max, ...offer }
        : { "@type": "Offer", price: product.price, ...offer },
  };
}
