import { CatalogueError, parseManifest } from "../../../../runtime/lib/catalogue";

const good = `name: Tea House
locale: en-IE
currency: EUR
shopUrl: https://tea.example
brand:
  primaryColor: "#2F5D50"
  secondaryColor: "#C8674A"
  fontFamily: "'Avenir Next', sans-serif"
  tone: Plain and calm.
`;
const refused = (text: string): CatalogueError => {
  try {
    parseManifest(text, "store.yaml");
  } catch (error) {
    if (error instanceof CatalogueError) return error;
  }
  throw new Error("a CatalogueError was expected");
};

describe("parseManifest", () => {
  it("fills in what may be left out", () => {
    expect(parseManifest(good, "store.yaml")).toEqual({
      name: "Tea House",
      locale: "en-IE",
      currency: "EUR",
      shopUrl: "https://tea.example",
      brand: {
        primaryColor: "#2F5D50",
        secondaryColor: "#C8674A",
        fontFamily: "'Avenir Next', sans-serif",
        tone: "Plain and calm.",
      },
      settings: { consentRequired: false },
      onBadRow: "refuse",
    });
  });

  it("takes every setting", () => {
    const text = `${good}  tagline: Slowly\n  mark: 🍵\ncatalogue: products.json\nonBadRow: skip\nsettings:\n  cacheTtlSeconds: 600\n  consentRequired: true\n`;
    const manifest = parseManifest(text, "store.yaml");
    expect(manifest.settings).toEqual({ cacheTtlSeconds: 600, consentRequired: true });
    expect([manifest.brand.mark, manifest.catalogue, manifest.onBadRow]).toEqual(["🍵", "products.json", "skip"]);
  });

  it("reports everything that is wrong at once, with line, path, found and allowed", () => {
    const text = good
      .replace('"#2F5D50"', "green")
      .replace("EUR", "euro")
      .replace("  tone: Plain and calm.\n", "  tome: Plain\n")
      .concat("catalogue: ../../etc/passwd\nsettings:\n  cacheTtlSeconds: 5\n");
    expect(refused(text).problems.map(({ line, column, message }) => [line, column, message])).toEqual([
      [3, "currency", 'found "euro"; a currency is three capital letters such as GBP'],
      [6, "brand.primaryColor", 'found "green"; a colour is #RRGGBB'],
      [6, "brand.tone", "is missing; it is a string"],
      [9, "brand.tome", "unknown key; remove it or correct its spelling"],
      [10, "catalogue", 'found "../../etc/passwd"; it is one of products.csv, products.json'],
      [12, "settings.cacheTtlSeconds", "found 5; Too small: expected number to be >=60"],
    ]);
  });

  it.each(["javascript:alert(1)", "ftp://tea.example", "tea.example", "https://tea.example/?a=b"])(
    "refuses the address %s",
    (url) => {
      expect(refused(good.replace("https://tea.example", url)).problems.map(({ column }) => column)).toEqual([
        "shopUrl",
      ]);
    },
  );

  it("refuses a font that could end the style sheet", () => {
    expect(refused(good.replace("sans-serif", "x}body{display:none")).problems[0]?.column).toBe("brand.fontFamily");
  });

  it.each([
    ["name: a: b", 1],
    ["name: A\nname: B\n", 2],
    ["brand: [", 1],
  ])("says in which line %j is not YAML", (text, line) => {
    expect(refused(text).problems[0]?.line).toBe(line);
  });

  it.each(["", "just words", "- a\n- list"])("refuses %j, which is no manifest", (text) => {
    expect(refused(text).problems.length).toBeGreaterThan(0);
  });
});
