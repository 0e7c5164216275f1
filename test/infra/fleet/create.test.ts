import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import path from "node:path";
import { gzipSync } from "node:zlib";
import { parse } from "yaml";
import { readBrand } from "../../../infra/fleet/brandFile";
import { checksumsOf } from "../../../infra/fleet/checksums";
import { planShop, type NewShop, type NewShopOptions } from "../../../infra/fleet/create";
import { exportShop } from "../../../infra/fleet/exportShop";
import { shopAt } from "../../../infra/fleet/list";
import { writeShop } from "../../../infra/fleet/write";
import { CatalogueError } from "../../../runtime/lib/catalogue";
import { itIf } from "../../support/skip";
import { CSV, type Desk, openDesk } from "./support";

let desk: Desk;
let before: string[];
beforeEach(() => {
  desk = openDesk();
  before = desk.tree();
});
afterEach(() => {
  desk.remove();
});

const plan = (slug: string, file: string, more: Partial<NewShopOptions> = {}): Promise<NewShop> =>
  planShop({ projectDir: desk.dir, slug, from: { path: file }, ...more });
const manifestOf = ({ files }: NewShop): Record<string, unknown> =>
  parse(String(files.get("store.yaml"))) as Record<string, unknown>;
const nothingWritten = (): void => expect(desk.tree()).toEqual(before);

describe("a shop from an export", () => {
  it("is named by its vendor, takes the file as it is, and says what it assumed", async () => {
    const made = await plan("tea-house", desk.put("export.csv", CSV));
    expect(made.files.get("products.csv")).toEqual(Buffer.from(CSV));
    expect(manifestOf(made)).toMatchObject({ name: "Tea House", catalogue: "products.csv", currency: "USD" });
    expect(made.assumed.map(([part]) => part)).toEqual([
      "locale",
      "currency",
      "shopUrl",
      "brand.primaryColor",
      "brand.secondaryColor",
      "brand.fontFamily",
      "brand.tone",
    ]);
    expect(parse(made.stackFile)).toEqual({
      config: {
        "wandstore:environment": "shop",
        "wandstore:stores": ["tea-house"],
        "wandstore:budget": { monthlyUsd: 100 },
      },
    });
    nothingWritten();
  });

  it("of several vendors is named by its slug", async () => {
    const made = await plan(
      "tea-house-2",
      desk.put("export.csv", CSV.replace("Tea House,Teaware", "Iron & Co,Teaware")),
    );
    expect(manifestOf(made)["name"]).toBe("Tea House 2");
  });

  it.each([
    [{ currency: "GBP" }, { currency: "GBP", locale: "en-GB" }],
    [{ locale: "de-DE" }, { currency: "EUR", locale: "de-DE" }],
    [{ currency: "EUR" }, { currency: "EUR", locale: "en-IE" }],
    [{ currency: "THB" }, { currency: "THB", locale: "en-US" }],
    [
      { locale: "de-DE", currency: "CHF" },
      { currency: "CHF", locale: "de-DE" },
    ],
  ])("of which %j is said is %j", async (said, expected) => {
    const sayings = Object.fromEntries(Object.entries(said).map(([part, value]) => [part, { value, by: `--${part}` }]));
    const made = await plan("tea-house", desk.put("export.csv", CSV), { said: sayings });
    expect(manifestOf(made)).toMatchObject(expected);
  });

  it("in JSON, whatever the file is called", async () => {
    const made = await plan("pots", desk.put("from-the-merchant", `\uFEFF [{"id":"pot","title":"Pot","price":4}]`));
    expect(manifestOf(made)["catalogue"]).toBe("products.json");
    expect(made.store.record.catalogue.products).toHaveLength(1);
  });

  it("asks a person only for what nobody said and nothing tells", async () => {
    const asked: string[][] = [];
    const made = await plan("tea-house", desk.put("export.csv", CSV), {
      said: { shopUrl: { value: "https://tea.example/", by: "--url" } },
      ask: async (known) => {
        asked.push(Object.keys(known));
        return { currency: { value: "GBP", by: "your answer" } };
      },
    });
    expect(asked).toEqual([["name", "shopUrl"]]);
    expect(manifestOf(made)).toMatchObject({ currency: "GBP", locale: "en-GB", shopUrl: "https://tea.example/" });
  });
});

describe("a brand", () => {
  it("comes from a file, the keys of brand at the top or below; options go over it", async () => {
    const file = desk.put(
      "brand.yaml",
      'name: Tea & Co\nprimaryColor: "#102030"\nbrand:\n  mark: 🍵\nonBadRow: skip\n',
    );
    const { sayings, more } = readBrand(file);
    const said = { ...sayings, name: { value: "The Tea House", by: "--name" } };
    const made = await plan("tea-house", desk.put("export.csv", CSV), { said, more });
    expect(manifestOf(made)).toMatchObject({
      name: "The Tea House",
      brand: { primaryColor: "#102030", mark: "🍵" },
      onBadRow: "skip",
    });
  });

  it.each([
    ["colour: red", /brand\.yaml:1: unknown key "colour"; there are name, /],
    ["name: [", /brand\.yaml:\d: /],
    ["- name", /brand\.yaml:1: it has no keys/],
    ["shopify: { domain: x.example }", /unknown key "shopify"/],
  ])("that is %j is refused by file and line", (text, message) => {
    const file = desk.put("brand.yaml", `${text}\n`);
    expect(() => readBrand(file)).toThrow(message);
  });

  it("is judged as a whole, and each mistake is told by who made it", async () => {
    const said = {
      "brand.primaryColor": { value: "red", by: "--primary" },
      currency: { value: "gbp", by: "brand.yaml:3" },
      shopUrl: { value: "javascript:alert(1)", by: "--url" },
    };
    const refused = plan("tea-house", desk.put("export.csv", CSV), { said });
    await expect(refused).rejects.toMatchObject({ code: "BAD_BRAND" });
    await expect(refused).rejects.toThrow(/--primary: found "red"; a colour is #RRGGBB/);
    await expect(refused).rejects.toThrow(/brand\.yaml:3: found "gbp"; a currency is three capital letters/);
    await expect(refused).rejects.toThrow(/--url: found "javascript:alert\(1\)"/);
  });
});

describe("what cannot be an export is refused, and nothing is written", () => {
  const hasFifo = process.platform !== "win32";
  const refused = async (file: string, message: RegExp): Promise<void> => {
    await expect(plan("acme", file)).rejects.toMatchObject({
      code: "BAD_EXPORT",
      message: expect.stringMatching(message),
    });
    nothingWritten();
  };

  it("a file that is not there", () => refused(path.join(desk.dir, "../none.csv"), /none\.csv is not there/));
  it("an empty file", () => refused(desk.put("empty.csv", ""), /is empty/));
  it("a folder", () => refused(path.dirname(desk.dir), /is a folder, and none that "wandstore shop export" wrote/));
  it("a picture", () => refused(desk.put("a.csv", Buffer.from([0xff, 0xd8, 0xff, 0xe0])), /is not UTF-8 text/));
  it("bytes that are text by chance", () => refused(desk.put("a.csv", "Handle\0,Title"), /NUL bytes/));
  it("a sheet of Excel", () =>
    refused(desk.put("a.csv", "PK\u0003\u0004rest"), /Excel.*save the sheet as comma-separated/));
  it("a compressed file", () => refused(desk.put("a.csv.gz", gzipSync(CSV)), /is compressed \(gzip\); unpack it/));
  it.each(["<!DOCTYPE html><title>Log in</title>", '\uFEFF\n<?xml version="1.0"?>'])("a page: %j", (text) =>
    refused(desk.put("a.csv", text), /is a page or XML.*sign in/),
  );
  it("a link, even to a good file", () => {
    const link = path.join(desk.dir, "../link.csv");
    symlinkSync(desk.put("export.csv", CSV), link);
    return refused(link, /is a symbolic link; name the file/);
  });
  it("a gigabyte, of which no byte is read", () => {
    const huge = desk.put("huge.csv", "");
    truncateSync(huge, 1 << 30); // takes no room on the disk
    return refused(huge, /has 1024 MiB, and 100 MiB are the most/);
  });
  itIf(hasFifo, "needs named pipes")("a pipe, which nobody ever writes to", () => {
    const fifo = path.join(desk.dir, "../pipe.csv");
    execFileSync("mkfifo", [fifo]);
    return refused(fifo, /is no file/);
  });

  it("rows that are wrong, each by line and column of the merchant's own file", async () => {
    const file = desk.put("export.csv", CSV.replace("9.50", "free").replace("48.00", "£48"));
    const error = await plan("acme", file).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(CatalogueError);
    expect((error as CatalogueError).message).toContain(`${file}:2, Variant Price: found "free"`);
    expect((error as CatalogueError).message).toContain(`${file}:3, Variant Price: found "£48"`);
    nothingWritten();
  });

  it("and how the others are taken, where there are others", async () => {
    const file = desk.put("export.csv", CSV.replace("9.50", "free"));
    await expect(plan("acme", file)).rejects.toMatchObject({
      code: "BAD_CATALOGUE",
      message: expect.stringMatching(/\n {2}\d products? ha(s|ve) nothing of this: `onBadRow: skip` in store\.yaml/),
    });
    const made = await plan("acme", file, { more: { onBadRow: "skip" } });
    expect([made.store.skipped.length, manifestOf(made)["onBadRow"]]).toEqual([1, "skip"]);
    const none = plan("acme", desk.put("none.csv", "Handle,Title,Price\ntea,Tea,free\n"));
    await expect(none).rejects.not.toThrow(/onBadRow/);
  });

  it("a file that is no CSV", async () => {
    await expect(plan("acme", desk.put("export.csv", "hello world\n"))).rejects.toThrow(/the header lacks the column/);
    nothingWritten();
  });
});

describe("a name that is taken", () => {
  const taken = async (message: RegExp): Promise<void> => {
    const refused = plan("acme", desk.put("export.csv", CSV));
    await expect(refused).rejects.toMatchObject({ code: "SHOP_EXISTS", message: expect.stringMatching(message) });
  };

  it("by a stack", () => {
    writeFileSync(path.join(desk.dir, "Pulumi.shop-acme.yaml"), "config: {}\n");
    return taken(/its stack's file Pulumi\.shop-acme\.yaml is there; deploy that one/);
  });
  it("by a folder below stores", () => {
    mkdirSync(path.join(desk.dir, "stores/acme"));
    return taken(/its folder stores\/acme is there/);
  });
  it("by what another stack calls its Worker", () => {
    const text = "config:\n  wandstore:worker: { name: wandstore-shop-acme-storefront }\n";
    writeFileSync(path.join(desk.dir, "Pulumi.prod.yaml"), text);
    return taken(/Pulumi\.prod\.yaml calls something wandstore-shop-acme-storefront/);
  });
  it("but not by one that only begins alike", async () => {
    writeFileSync(path.join(desk.dir, "Pulumi.shop-acme-2.yaml"), "config: {}\n");
    mkdirSync(path.join(desk.dir, "stores/acme2"));
    await expect(plan("acme", desk.put("export.csv", CSV))).resolves.toBeDefined();
  });
});

describe("a shop that moves", () => {
  let out: string;
  beforeEach(async () => {
    out = path.join(desk.dir, "../moved");
    await writeShop(desk.dir, await plan("acme", desk.put("export.csv", CSV)), async () => {});
    await exportShop(shopAt(desk.dir, "acme"), undefined, out);
  });

  it("takes its files along byte for byte, and its stack's settings", async () => {
    const made = await plan("acme-2", out);
    for (const name of ["store.yaml", "products.csv"]) {
      expect(made.files.get(name)).toEqual(readFileSync(path.join(desk.dir, "stores/acme", name)));
    }
    expect(parse(made.stackFile)).toMatchObject({ config: { "wandstore:stores": ["acme-2"] } });
  });

  it("is held to its check sums", async () => {
    writeFileSync(path.join(out, "store/products.csv"), CSV.replace("9.50", "1.00"));
    await expect(plan("acme-2", out)).rejects.toThrow(/store\/products\.csv that is not as it was exported/);
  });

  it("reads no file that a link in its folder leads to, whatever the check sums say", async () => {
    const secret = desk.put("secret.csv", CSV);
    const file = path.join(out, "store/products.json");
    symlinkSync(secret, file);
    writeFileSync(path.join(out, "SHA256SUMS"), await checksumsOf(out));
    await expect(plan("acme-2", out)).rejects.toThrow(/products\.json is a symbolic link/);
  });

  it.each(["../../secret.csv", "/etc/passwd"])("names no file outside its folder (%s)", async (elsewhere) => {
    desk.put("secret.csv", CSV);
    const file = path.join(out, "store/store.yaml");
    writeFileSync(file, readFileSync(file, "utf8").replace("catalogue: products.csv", `catalogue: ${elsewhere}`));
    writeFileSync(path.join(out, "SHA256SUMS"), await checksumsOf(out));
    await expect(plan("acme-2", out)).rejects.toThrow(
      /catalogue: found .*; it is one of products\.csv, products\.json/,
    );
  });

  it("keeps its own brand", async () => {
    const said = { name: { value: "Another", by: "--name" } };
    await expect(plan("acme-2", out, { said })).rejects.toMatchObject({ code: "BAD_BRAND" });
  });

  it("is never written over what is there", async () => {
    await expect(exportShop(shopAt(desk.dir, "acme"), undefined, out)).rejects.toThrow(/is there already/);
    expect(existsSync(`${out}.partial`)).toBe(false);
  });
});
