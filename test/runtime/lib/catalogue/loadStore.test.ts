import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CatalogueError, checkSlug } from "../../../../runtime/lib/catalogue";
import { loadStore } from "../../../../runtime/lib/catalogue/loadStore";
import { StoreRecordSchema } from "../../../../runtime/contract/store";
import { goodRow, toCsv } from "./shopifyExport";

const manifest = `name: Tea House
locale: en-IE
currency: EUR
shopUrl: https://tea.example/
brand: { primaryColor: "#2F5D50", secondaryColor: "#C8674A", fontFamily: serif, tone: Calm., mark: T }
`;

describe("loadStore", () => {
  let root = "";
  beforeEach(() => (root = mkdtempSync(join(tmpdir(), "stores-"))));
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  const store = (slug: string, files: Record<string, string | Uint8Array>): string => {
    mkdirSync(join(root, slug));
    for (const [name, content] of Object.entries(files)) writeFileSync(join(root, slug, name), content);
    return join(root, slug);
  };
  const refused = (dir: string): CatalogueError => {
    try {
      loadStore(dir);
    } catch (error) {
      if (error instanceof CatalogueError) return error;
    }
    throw new Error("a CatalogueError was expected");
  };

  it("makes the record that is deployed", () => {
    const { record, unpublished, skipped } = loadStore(
      store("tea-house", { "store.yaml": manifest, "products.csv": toCsv([goodRow()]) }),
    );
    expect(StoreRecordSchema.parse(record)).toEqual(record);
    expect(record).toMatchObject({
      version: 1,
      slug: "tea-house",
      name: "Tea House",
      shop_url: "https://tea.example/",
      brand: { primary_color: "#2F5D50", mark: "T" },
      settings: { consent_required: false },
    });
    expect(record.catalogue.products[0]).toMatchObject({ url: "https://tea.example/products/tea", currency: "EUR" });
    expect([unpublished, skipped]).toEqual([[], []]);
  });

  it("gives equal products one version, and other products another", () => {
    const version = (slug: string, csv: string) =>
      loadStore(store(slug, { "store.yaml": manifest, "products.csv": csv })).record.catalogue.version;
    const first = version("a1", toCsv([goodRow()]));
    expect(first).toMatch(/^[0-9a-f]{16}$/);
    expect(version("a2", toCsv([goodRow()], { spelling: "today", newline: "\r\n" }))).toBe(first);
    expect(version("a3", toCsv([goodRow({ "Variant Price": "4.51" })]))).not.toBe(first);
  });

  it("refuses a catalogue with a bad row, and with `onBadRow: skip` leaves the row out and reports it", () => {
    const csv = toCsv([goodRow(), goodRow({ Handle: "cup", Title: "Cup", "Variant Price": "?" })]);
    const dir = store("strict", { "store.yaml": manifest, "products.csv": csv });
    expect(refused(dir).message).toContain(`${join(dir, "products.csv")}:3, Variant Price: found "?"`);
    const { record, skipped } = loadStore(
      store("lax", { "store.yaml": `${manifest}onBadRow: skip\n`, "products.csv": csv }),
    );
    expect(record.catalogue.products.map(({ id }) => id)).toEqual(["tea"]);
    expect(skipped.map(({ line }) => line)).toEqual([3]);
  });

  it("refuses a catalogue without a product to show, whatever `onBadRow` says", () => {
    const csv = toCsv([goodRow({ Status: "draft" })]);
    expect(
      refused(store("drafts", { "store.yaml": `${manifest}onBadRow: skip\n`, "products.csv": csv })).message,
    ).toMatch(/unpublished: 1/);
  });

  it("refuses a catalogue that is too large to be stored", () => {
    const description = "x".repeat(20_000);
    const products = Array.from({ length: 1400 }, (_, i) => ({ id: `tea-${i}`, title: "Tea", price: 1, description }));
    const files = { "store.yaml": `${manifest}catalogue: products.json\n`, "products.json": JSON.stringify(products) };
    const dir = store("large", files);
    expect(refused(dir).message).toMatch(/products\.json: is \d+ bytes .* at most 26214400/);
  });

  it("reads products.json where the manifest names it", () => {
    const files = {
      "store.yaml": `${manifest}catalogue: products.json\n`,
      "products.json": '[{"id":"tea","title":"Tea","price":1}]',
    };
    expect(loadStore(store("json", files)).record.catalogue.products).toHaveLength(1);
  });

  it("says which file is missing or is not UTF-8", () => {
    expect(refused(store("empty", {})).message).toMatch(/store\.yaml: cannot be read \(ENOENT\)/);
    expect(refused(store("half", { "store.yaml": manifest })).message).toMatch(
      /products\.csv: cannot be read \(ENOENT\)/,
    );
    const latin1 = Buffer.from(toCsv([goodRow({ Title: "Thé" })]), "latin1");
    expect(refused(store("latin", { "store.yaml": manifest, "products.csv": latin1 })).message).toMatch(
      /products\.csv: is not UTF-8/,
    );
  });
});

describe("checkSlug", () => {
  it.each(["magic-wands", "a1", "x".repeat(40)])("takes %s", (slug) => {
    expect(() => checkSlug(slug, slug)).not.toThrow();
  });
  it.each([
    "a",
    "-tea",
    "tea-",
    "tea--house",
    "Tea",
    "tea_house",
    "tea house",
    "..",
    "",
    "tea:cup",
    "x".repeat(41),
    "thé",
    "tea\n",
  ])("refuses %j", (slug) => {
    expect(() => checkSlug(slug, "stores")).toThrow(CatalogueError);
  });
});
