import * as fc from "fast-check";
import type { Product } from "../../../../runtime/contract/product";
import type { SourceProduct, SourceVariant } from "../../../../runtime/lib/catalogue/product";
import { toProduct } from "../../../../runtime/lib/catalogue/product";

/** Text as a cell holds it: any letters, quotes, commas and line breaks, without white space around it. */
const text = (maxLength: number) =>
  fc
    .string({ unit: "grapheme", maxLength })
    // A carriage return of its own and control characters are not text that HTML or a cell keeps.
    // eslint-disable-next-line no-control-regex -- they are what is taken out
    .map((value) => value.replace(/[\u0000-\u001f\u007f]/g, "").trim());
const word = (maxLength: number) => text(maxLength).map((value) => value || "x");
const tag = word(12)
  .map((value) => value.replaceAll(",", "") || "x")
  .map((value) => value.trim());
const description = fc
  .array(fc.constantFrom("a & b", "<b>", '"quoted"', "x, y", "€5 < €6", "&amp;", "ünï"), { maxLength: 8 })
  .map((words) => words.join(" "));

const cents = fc.integer({ min: 0, max: 1_000_000 }).map((value) => value / 100);
const image = (id: number) => `https://img.example/${id}.jpg`;

const variant = (options: string[], id: string): fc.Arbitrary<SourceVariant> =>
  fc
    .record({
      sku: fc.option(word(10), { nil: null }),
      price: cents,
      rise: fc.option(fc.integer({ min: 1, max: 10_000 }), { nil: null }),
      inventory: fc.option(fc.integer({ min: -5, max: 50 }), { nil: null }),
      sellsOn: fc.boolean(),
      picture: fc.option(fc.nat(3), { nil: null }),
    })
    .map(({ sku, price, rise, inventory, sellsOn, picture }) => ({
      id,
      options,
      sku,
      price,
      compareAt: rise === null ? null : Math.round(price * 100 + rise) / 100,
      available: inventory === null || inventory > 0 || sellsOn,
      inventory,
      imageUrl: picture === null ? null : image(picture),
    }));

/** Every combination of the options' values, or the one variant of a product without options. */
function combinations(options: readonly { values: string[] }[]): string[][] {
  return options.reduce<string[][]>((rows, { values }) => rows.flatMap((row) => values.map((v) => [...row, v])), [[]]);
}

const product = (handle: string): fc.Arbitrary<SourceProduct> =>
  fc
    .uniqueArray(fc.record({ name: word(10), values: fc.uniqueArray(word(8), { minLength: 1, maxLength: 3 }) }), {
      maxLength: 3,
      selector: ({ name }) => name,
    })
    // One option called Title with the value Default Title is how Shopify writes "no options".
    .filter((options) => !options.some(({ name, values }) => /^title$/i.test(name) && values.includes("Default Title")))
    .chain((options) =>
      fc.record({
        title: word(40),
        description,
        vendor: text(20),
        category: word(20),
        tags: fc.uniqueArray(tag, { maxLength: 5 }),
        // A variant's picture is one of the product's, as it is in Shopify.
        alts: fc.array(text(20), { minLength: 4, maxLength: 4 }),
        variants: fc.tuple(...combinations(options).map((values, index) => variant(values, `${handle}:${index + 1}`))),
        optionNames: fc.constant(options.map(({ name }) => name)),
      }),
    )
    .map(({ alts, ...rest }) => ({ handle, ...rest, images: alts.map((alt, index) => ({ url: image(index), alt })) }));

/** Catalogues of up to five products as Shopify could export them. */
export const arbitraryProducts = (shop: { shopUrl: string; currency: string }): fc.Arbitrary<Product[]> =>
  fc
    .uniqueArray(fc.stringMatching(/^[a-z][a-z0-9-]{0,12}$/), { minLength: 1, maxLength: 5 })
    .chain((handles) => fc.tuple(...handles.map(product)))
    .map((sources) => sources.map((source) => toProduct(source, shop)));
