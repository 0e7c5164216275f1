import { PERSONA_TYPES, type PersonaType } from "../../../runtime/contract/persona";
import type { StoreRecord } from "../../../runtime/contract/store";
import { render, templateLayout, type PageInput } from "../../../runtime/page";
import { attribute, elementsOf, named, textOf } from "./dom";
import { persona } from "./fixtures";
import { ODD_SHOPS, SHOPS } from "./support/shops";

interface Offer {
  "@type": string;
  price?: number;
  lowPrice?: number;
  highPrice?: number;
  offerCount?: number;
  priceCurrency: string;
  availability: string;
}
interface Listed {
  "@type": string;
  position: number;
  item: { "@type": string; name: string; url: string; offers: Offer };
}
interface Data {
  "@context": string;
  "@type": string;
  url: string;
  inLanguage: string;
  digitalSourceType?: string;
  mainEntity: { "@type": string; numberOfItems: number; itemListElement: Listed[] };
}

function elementsFor(record: StoreRecord, type: PersonaType, source: NonNullable<PageInput["page"]["source"]>) {
  const { products } = record.catalogue;
  const layout = templateLayout({ persona: persona(type), products, brand: record.brand, shopName: record.name });
  const page = { canonicalUrl: `https://wand.example/s/${record.slug}`, source };
  return elementsOf(render({ layout, shop: record, products, page }).html);
}

function dataOf(record: StoreRecord, type: PersonaType = "unknown", source: "model" | "template" = "template"): Data {
  const scripts = named(elementsFor(record, type, source), "script").filter(
    (one) => attribute(one, "type") === "application/ld+json",
  );
  expect(scripts).toHaveLength(1);
  return JSON.parse(textOf(scripts[0]!)) as Data;
}

const ALL = Object.entries({ ...SHOPS, ...ODD_SHOPS });

describe.each(ALL)("the structured data of %s", (slug, record) => {
  const { products } = record.catalogue;

  it("is a collection that lists the products in order, each with what a search engine requires", () => {
    const data = dataOf(record);
    expect(data).toMatchObject({
      "@context": "https://schema.org",
      "@type": "CollectionPage",
      url: `https://wand.example/s/${slug}`,
      inLanguage: record.locale,
      mainEntity: { "@type": "ItemList", numberOfItems: products.length },
    });
    const listed = data.mainEntity.itemListElement;
    expect(listed.map(({ position }) => position)).toEqual(products.slice(0, 48).map((_, index) => index + 1));
    for (const [index, { "@type": kind, item }] of listed.entries()) {
      const product = products[index]!;
      expect([kind, item["@type"], item.name]).toEqual(["ListItem", "Product", product.title]);
      expect(item.url).toBe(new URL(product.url).href);
      expect(item.offers.priceCurrency).toBe(product.currency);
      expect(item.offers.availability).toBe(`https://schema.org/${product.available ? "InStock" : "OutOfStock"}`);
    }
  });

  it("has the catalogue's numbers, to the last decimal", () => {
    for (const [index, { item }] of dataOf(record).mainEntity.itemListElement.entries()) {
      const { price, price_max, variants } = products[index]!;
      expect(item.offers).toMatchObject(
        price_max > price
          ? { "@type": "AggregateOffer", lowPrice: price, highPrice: price_max, offerCount: variants.length }
          : { "@type": "Offer", price },
      );
    }
  });
});

describe("the structured data of a shop", () => {
  const record = SHOPS["magic-wands"]!;

  it("is the same for every shopper: what a layout leaves out is for sale all the same", () => {
    const [first, ...others] = PERSONA_TYPES.map((type) => dataOf(record, type).mainEntity);
    for (const other of others) expect(other).toEqual(first);
  });

  it("follows the catalogue of the moment", () => {
    const dearer = record.catalogue.products.map((one) => ({ ...one, price: one.price + 1, price_max: one.price + 1 }));
    dataOf(record);
    const data = dataOf({ ...record, catalogue: { ...record.catalogue, products: dearer } });
    expect(data.mainEntity.itemListElement[0]?.item.offers.price).toBe(dearer[0]!.price);
  });

  it.each([
    ["model", "ai-generated", "https://schema.org/CompositeWithTrainedAlgorithmicMediaDigitalSource"],
    ["template", "none", undefined],
  ] as const)("says of a page by %s that it is %s", (source, disclosure, digitalSource) => {
    const elements = elementsFor(record, "loyalist", source);
    const meta = named(elements, "meta").find((one) => attribute(one, "name") === "ai-disclosure");
    expect(attribute(meta!, "content")).toBe(disclosure);
    expect(dataOf(record, "loyalist", source).digitalSourceType).toBe(digitalSource);
  });
});
