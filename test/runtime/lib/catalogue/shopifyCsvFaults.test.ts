import { CatalogueError, readShopifyCsv } from "../../../../runtime/lib/catalogue";
import { allColumns, type ExportRow, goodRow, toCsv, variantRow } from "./shopifyExport";

const shop = { shopUrl: "https://shop.example", currency: "GBP" };
const read = (rows: readonly ExportRow[], options?: Parameters<typeof toCsv>[1]) =>
  readShopifyCsv(toCsv(rows, options), "products.csv", shop);
/** `[line, column]` of each problem. */
const places = (...rows: ExportRow[]) => read(rows).problems.map(({ line, column }) => [line, column]);
const fatal = (text: string): CatalogueError => {
  try {
    readShopifyCsv(text, "products.csv", shop);
  } catch (error) {
    if (error instanceof CatalogueError) return error;
  }
  throw new Error("a CatalogueError was expected");
};

describe("a bad value names line and column", () => {
  it.each(["1,234.50", "£4.50", "-1", "1e3", "free", "4.5.0", "10000001", ".5", "NaN"])("price %j", (price) => {
    const { problems, products } = read([goodRow({ Handle: "cup" }), goodRow({ "Variant Price": price })]);
    expect(problems).toEqual([
      {
        file: "products.csv",
        line: 3,
        column: "Variant Price",
        message: expect.stringContaining(JSON.stringify(price)),
      },
    ]);
    expect(products.map(({ id }) => id)).toEqual(["cup"]);
  });

  it.each([
    ["Variant Compare At Price", "12,50"],
    ["Variant Inventory Qty", "some"],
    ["Variant Inventory Qty", "3.5"],
    ["Variant Inventory Qty", "3."],
    ["Variant Inventory Policy", "maybe"],
    ["Image Src", "javascript:alert(1)"],
    ["Image Src", "/files/tea.jpg"],
    ["Variant Image", "data:image/png;base64,AA=="],
    ["Image Position", "first"],
    ["Published", "yes please"],
    ["Status", "live"],
    ["Gift Card", "perhaps"],
    ["Title", ""],
    ["Title", "T".repeat(256)],
    ["Vendor", "V".repeat(256)],
    ["Handle", ""],
    ["Handle", "two words"],
    ["Handle", "../../admin"],
    ["Handle", ".."],
  ])("%s %j", (column, value) => {
    expect(places(goodRow({ [column]: value }))).toEqual([[2, column]]);
  });

  it("calls the column what the file calls it", () => {
    const { problems } = read([goodRow({ "Variant Price": "free" })], { spelling: "today" });
    expect(problems.map(({ column }) => column)).toEqual(["Price"]);
  });

  it("counts lines by the file, over values of several lines", () => {
    const rows = [goodRow({ "Body (HTML)": "one\r\ntwo\nthree" }), goodRow({ Handle: "cup", "Variant Price": "x" })];
    expect(places(...rows)).toEqual([[5, "Variant Price"]]);
  });

  it("reports all rows at once and still reads the others", () => {
    const { problems, products } = read([
      goodRow({ "Option1 Name": "Size", "Option1 Value": "S" }),
      variantRow("M", { "Variant Price": "x", "Variant Inventory Qty": "y" }),
      variantRow("L", { "Image Src": "x" }),
      goodRow({ Handle: "cup", Title: "" }),
    ]);
    expect(problems.map(({ line }) => line)).toEqual([3, 3, 4, 5]);
    expect(products.map(({ id, variants }) => [id, variants.map((v) => v.id)])).toEqual([["tea", ["tea:1", "tea:3"]]]);
  });
});

describe("rows that do not fit together", () => {
  it("refuses two products under one handle, next to each other or apart", () => {
    const other = goodRow({ Title: "Coffee", "Option1 Value": "B" });
    expect(places(goodRow({ "Option1 Value": "A" }), other)).toEqual([[3, "Title"]]);
    expect(places(goodRow({ "Option1 Value": "A" }), goodRow({ Handle: "cup" }), other)).toEqual([[4, "Title"]]);
  });

  it("refuses the same variant twice", () => {
    expect(places(goodRow({ "Option1 Name": "Size", "Option1 Value": "S" }), variantRow("S"))).toEqual([
      [3, "Option1 Value"],
    ]);
    expect(places(goodRow(), goodRow())).toEqual([[3, "Handle"]]);
  });

  it("refuses a variant without a value for the product's option", () => {
    expect(
      places(goodRow({ "Option1 Name": "Size", "Option1 Value": "S" }), variantRow("", { "Variant SKU": "T-1" })),
    ).toEqual([[3, "Option1 Value"]]);
  });

  it("refuses an option without a name", () => {
    expect(places(goodRow({ "Option1 Name": "", "Option1 Value": "S" }), variantRow("M"))).toEqual([
      [2, "Option1 Name"],
    ]);
  });

  it("refuses a product that has no price in any row", () => {
    const row = goodRow({ "Variant Price": "", "Option1 Value": "", "Image Src": "https://img.example/a.jpg" });
    expect(places(row)).toEqual([[2, "Variant Price"]]);
  });

  it("refuses a row with too many or too few values", () => {
    const columns = ["Handle", "Title", "Variant Price"];
    const text = `${toCsv([goodRow()], { columns })}\ncup,Cup,1,2\npot,Pot`;
    const { problems, products } = readShopifyCsv(text, "products.csv", shop);
    expect(problems.map(({ line, column }) => [line, column])).toEqual([
      [3, null],
      [4, null],
    ]);
    expect(products).toHaveLength(1);
  });
});

describe("a file of which nothing can be read", () => {
  it("names every column that is missing, and what was found", () => {
    const error = fatal(
      toCsv([], { columns: allColumns().filter((name) => name !== "Title" && name !== "Variant Price") }),
    );
    expect(error.problems.map(({ line }) => line)).toEqual([1, 1]);
    expect(error.message).toMatch(/lacks the column Title; found "Handle,/);
    expect(error.message).toMatch(/lacks the column Variant Price \(or Price\)/);
  });

  it("says so when the columns are separated by semicolons", () => {
    expect(fatal("Handle;Title;Variant Price\na;A;1").message).toMatch(/not separated by commas/);
  });

  it("refuses a column that is there twice", () => {
    expect(fatal("Handle,Title,Title,Variant Price\na,A,B,1").message).toMatch(/Title twice/);
  });

  it("refuses an empty file", () => {
    expect(fatal("").problems).toHaveLength(3);
  });

  it.each([
    ["never ends", 'a,"A,1\nb,B,2', 2],
    ["after its closing quote", 'a,A,1\nb,"B"x,2', 3],
    ["in its middle", 'a,A,1\n\nb,5" tea,2', 4],
  ])("tells where quotes do not match: %s", (message, body, line) => {
    const error = fatal(`Handle,Title,Variant Price\n${body}`);
    expect(error.problems).toEqual([
      { file: "products.csv", line, column: null, message: expect.stringContaining(message) },
    ]);
  });
});

describe("the message", () => {
  it("names twenty problems and counts the others", () => {
    const problems = Array.from({ length: 23 }, (_, i) => ({
      file: "products.csv",
      line: i + 2,
      column: "Title",
      message: "is empty",
    }));
    const { message } = new CatalogueError(problems);
    expect(message).toMatch(/^23 problems in a store:\n {2}products\.csv:2, Title: is empty\n/);
    expect(message.split("\n")).toHaveLength(22);
    expect(message).toMatch(/… and 3 more$/);
  });
});
