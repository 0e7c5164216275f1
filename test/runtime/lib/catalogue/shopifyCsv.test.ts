import { readShopifyCsv } from "../../../../runtime/lib/catalogue";
import type { Product } from "../../../../runtime/contract/product";
import { allColumns, type ExportRow, goodRow, toCsv, variantRow } from "./shopifyExport";

const shop = { shopUrl: "https://shop.example/", currency: "GBP" };

function read(rows: readonly ExportRow[], options?: Parameters<typeof toCsv>[1]): Product[] {
  const { products, problems } = readShopifyCsv(toCsv(rows, options), "products.csv", shop);
  expect(problems).toEqual([]);
  return products;
}
function readOne(...rows: ExportRow[]): Product {
  const [product, ...others] = read(rows);
  if (product === undefined || others.length > 0)
    throw new Error(`one product was expected, and ${others.length} more came`);
  return product;
}
const sized = (over: ExportRow = {}): ExportRow => goodRow({ "Option1 Name": "Size", "Option1 Value": "S", ...over });

describe("products and variants", () => {
  it("takes a product without options as one variant without options", () => {
    expect(readOne(goodRow())).toEqual({
      id: "tea",
      title: "Tea",
      description: "Green.",
      vendor: "Garden",
      category: "Drinks",
      tags: ["green", "leaf"],
      url: "https://shop.example/products/tea",
      price: 4.5,
      price_max: 4.5,
      compare_at_price: null,
      currency: "GBP",
      available: true,
      image_url: null,
      image_alt: "",
      images: [],
      options: [],
      variants: [
        {
          id: "tea:1",
          title: "",
          options: [],
          sku: null,
          price: 4.5,
          compare_at_price: null,
          available: true,
          inventory: null,
          image_url: null,
        },
      ],
    });
  });

  it("joins the rows of a handle into one product with three options", () => {
    const more = { "Option2 Value": "Red", "Option3 Value": "Wool" };
    const product = readOne(
      sized({ "Option2 Name": "Colour", "Option3 Name": "Cloth", ...more }),
      variantRow("M", more),
      variantRow("M", { ...more, "Option2 Value": "Blue" }),
    );
    expect(product.options).toEqual([
      { name: "Size", values: ["S", "M"] },
      { name: "Colour", values: ["Red", "Blue"] },
      { name: "Cloth", values: ["Wool"] },
    ]);
    expect(product.variants.map(({ id, title }) => [id, title])).toEqual([
      ["tea:1", "S / Red / Wool"],
      ["tea:2", "M / Red / Wool"],
      ["tea:3", "M / Blue / Wool"],
    ]);
  });

  it("keeps an option that is called Title when its values are not the default", () => {
    const product = readOne(goodRow({ "Option1 Value": "Sir" }), variantRow("Dame"));
    expect(product.options).toEqual([{ name: "Title", values: ["Sir", "Dame"] }]);
  });

  it("finds rows of a handle that stand apart", () => {
    const products = read([sized(), goodRow({ Handle: "cup", Title: "Cup" }), variantRow("M")]);
    expect(products.map(({ id, variants }) => [id, variants.length])).toEqual([
      ["tea", 2],
      ["cup", 1],
    ]);
  });

  it("lets every row repeat the title, as some exporters do", () => {
    expect(readOne(sized(), variantRow("M", { Title: "Tea" })).variants).toHaveLength(2);
  });

  it("takes a gift card as any product, on a shelf of its own when nothing else says where", () => {
    expect(readOne(goodRow({ "Gift Card": "true", Type: "", Tags: "" })).category).toBe("Gift cards");
  });
});

describe("prices", () => {
  it("asks the lowest price of what can be bought, and knows the highest", () => {
    const soldOut = { "Variant Inventory Tracker": "shopify", "Variant Inventory Qty": "0" };
    const product = readOne(
      sized({ "Variant Price": "3", ...soldOut }),
      variantRow("M", { "Variant Price": "5", "Variant Compare At Price": "8" }),
      variantRow("L", { "Variant Price": "9" }),
    );
    expect([product.price, product.compare_at_price, product.price_max, product.available]).toEqual([5, 8, 9, true]);
  });

  it("asks the lowest price of all when nothing can be bought", () => {
    const soldOut = { "Variant Inventory Tracker": "shopify", "Variant Inventory Qty": "-2" };
    const product = readOne(sized({ "Variant Price": "3", ...soldOut }), variantRow("M", soldOut));
    expect([product.price, product.available]).toEqual([3, false]);
  });

  it.each(["0", "0.00", "4.50", "4.49"])("takes a compare-at price of %s for no saving on 4.50", (was) => {
    const product = readOne(goodRow({ "Variant Compare At Price": was }));
    expect([product.compare_at_price, product.variants[0]?.compare_at_price]).toEqual([null, null]);
  });

  it("takes a product that costs nothing", () => {
    expect(readOne(goodRow({ "Variant Price": "0.00" })).price).toBe(0);
  });
});

describe("stock", () => {
  it.each([
    ["", "0", "deny", true, null],
    ["shopify", "3", "deny", true, 3],
    ["shopify", "0", "deny", false, 0],
    ["shopify", "-1", "", false, -1],
    ["shopify", "0", "continue", true, 0],
    ["shopify", "0", "DENY", false, 0],
    ["shopify", "", "deny", true, null],
    ["shipwire", "0", "deny", false, 0],
  ])("tracker %j, quantity %j, policy %j: available %j", (tracker, quantity, policy, available, inventory) => {
    const product = readOne(
      goodRow({
        "Variant Inventory Tracker": tracker,
        "Variant Inventory Qty": quantity,
        "Variant Inventory Policy": policy,
      }),
    );
    expect([product.available, product.variants[0]?.inventory]).toEqual([available, inventory]);
  });
});

describe("pictures", () => {
  const picture = (name: string, over: ExportRow = {}): ExportRow => ({
    Handle: "tea",
    "Image Src": `https://img.example/${name}.jpg`,
    ...over,
  });

  it("takes a row with only a picture for a picture, in the order of the positions", () => {
    const product = readOne(
      goodRow({ ...picture("a", { "Image Position": "2", "Image Alt Text": "A" }) }),
      picture("b", { "Image Position": "1", "Image Alt Text": "B" }),
      picture("c"),
      picture("a", { "Image Position": "4" }),
    );
    expect(product.variants).toHaveLength(1);
    expect(product.images.map(({ url }) => url)).toEqual(["b", "a", "c"].map((n) => `https://img.example/${n}.jpg`));
    expect([product.image_url, product.image_alt]).toEqual(["https://img.example/b.jpg", "B"]);
  });

  it("takes what concerns the product from the row with its title, when rows of pictures stand before it", () => {
    const shown = readOne(picture("a"), goodRow({ Type: "Drinks" }), picture("b"));
    expect([shown.title, shown.category, shown.images.length]).toEqual(["Tea", "Drinks", 2]);
    const draft = readShopifyCsv(toCsv([picture("a"), goodRow({ Status: "draft" })]), "products.csv", shop);
    expect(draft.unpublished).toEqual([{ id: "tea", title: "Tea", reason: "draft" }]);
  });

  it("counts a variant's picture among the product's", () => {
    const product = readOne(goodRow({ "Variant Image": "https://img.example/v.jpg" }));
    expect(product.variants[0]?.image_url).toBe("https://img.example/v.jpg");
    expect(product.image_url).toBe("https://img.example/v.jpg");
  });
});

describe("what is shown", () => {
  it("leaves out what the shop does not show, says why, and does not check it", () => {
    const draft = { Status: "draft", "Variant Price": "" };
    const rows = [
      goodRow(),
      goodRow({ Handle: "a", Title: "A", ...draft }),
      goodRow({ Handle: "b", Title: "B", Status: "Archived" }),
      goodRow({ Handle: "c", Title: "C", Status: "unlisted" }),
      goodRow({ Handle: "d", Title: "D", Published: "FALSE" }),
      { Handle: "d", "Variant Price": "oops" },
    ];
    const reading = readShopifyCsv(toCsv(rows), "products.csv", shop);
    expect(reading.problems).toEqual([]);
    expect(reading.products.map(({ id }) => id)).toEqual(["tea"]);
    expect(reading.unpublished).toEqual([
      { id: "a", title: "A", reason: "draft" },
      { id: "b", title: "B", reason: "archived" },
      { id: "c", title: "C", reason: "unlisted" },
      { id: "d", title: "D", reason: "hidden" },
    ]);
  });

  it("shows what has no word about it", () => {
    expect(readOne(goodRow({ Status: "", Published: "" })).id).toBe("tea");
  });

  it.each([
    [{ Type: "Drinks", "Product Category": "Food > Tea", Tags: "leaf" }, "Drinks"],
    [{ Type: "", "Product Category": "Food > Hot Tea", Tags: "leaf" }, "Hot Tea"],
    [{ Type: "", "Product Category": "", Tags: "leaf, green" }, "leaf"],
    [{ Type: "", "Product Category": "", Tags: "" }, "Other"],
  ])("puts %j on the shelf %s", (cells, category) => {
    expect(readOne(goodRow(cells)).category).toBe(category);
  });
});

describe("the file's form", () => {
  const rows = [
    sized(),
    variantRow("M"),
    goodRow({ Handle: "cup", Title: "Cup", "Body (HTML)": 'One\r\ntwo, "three"' }),
  ];

  it("reads today's column names as those of the export", () => {
    expect(read(rows, { spelling: "today" })).toEqual(read(rows));
  });

  it.each([["\r\n"], ["\r"]])("reads line ending %j and a byte-order mark", (newline) => {
    const { products } = readShopifyCsv(`\uFEFF${toCsv(rows, { newline })}${newline}`, "products.csv", shop);
    expect(products).toEqual(read(rows));
  });

  it("does not mind the order of columns, further columns, nor rows without a value", () => {
    const columns = [...allColumns().toReversed(), "Cost per item"];
    expect(read([...rows, {}], { columns })).toEqual(read(rows));
  });

  it("reads whole numbers with a fraction of nothing, as programs write that have the column as floats", () => {
    const product = readOne(
      goodRow({ "Variant Inventory Tracker": "shopify", "Variant Inventory Qty": "3.0", "Image Position": "1.00" }),
    );
    expect(product.variants[0]?.inventory).toBe(3);
  });

  it("reads the columns of Matrixify's export that have other names", () => {
    const columns = "Handle,Title,Body HTML,Category,Variant ID,Variant Price";
    const text = `${columns}\nlamp,Lamp,<p>Bright</p>,Home & Garden > Lighting,41234567890123,19.95\n`;
    const [lamp] = readShopifyCsv(text, "products.csv", shop).products;
    expect(lamp).toMatchObject({ description: "Bright", category: "Lighting" });
    expect(lamp?.variants[0]?.id).toBe("41234567890123");
  });

  it("does not take a market's price for the price", () => {
    expect(readOne(goodRow({ "Price / International": "99" })).price).toBe(4.5);
  });

  it("makes an address of a handle in any script", () => {
    expect(readOne(goodRow({ Handle: "お茶" })).url).toBe("https://shop.example/products/%E3%81%8A%E8%8C%B6");
  });

  it("reads 50,000 rows in time", () => {
    const many = Array.from({ length: 25_000 }, (_, i) => [
      sized({ Handle: `tea-${i}`, "Body (HTML)": "<p>Green &amp; <b>good</b>.</p><ul><li>one</li></ul>" }),
      variantRow("M", { Handle: `tea-${i}` }),
    ]).flat();
    expect(readShopifyCsv(toCsv(many), "products.csv", shop).products).toHaveLength(25_000);
  }, 60_000); // it takes 3 s; work that grows with the square of the rows would take hours
});
