import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Product } from "../../../../runtime/contract/product";
import type { StoreRecord } from "../../../../runtime/contract/store";
import { makeStore, parseManifest } from "../../../../runtime/lib/catalogue";
import { loadStore } from "../../../../runtime/lib/catalogue/loadStore";
import { home, wands } from "../fixtures";

const EXPORTS = join(__dirname, "../../../../../shared/data/catalogs");

/** Whether the real exports of other trades are on this machine; without them the shops below sell what the fixtures have. */
export const HAS_EXPORTS = existsSync(EXPORTS);

const real = (slug: string): StoreRecord => loadStore(join(__dirname, "../../../../stores", slug)).record;

interface Face {
  slug: string;
  name: string;
  locale: string;
  currency: string;
  colours: [primary: string, secondary: string];
  font: string;
  tone: string;
  tagline: string;
}

function made(face: Face, trade: "apparel" | "home-and-garden", change: (all: Product[]) => Product[]): StoreRecord {
  const [primaryColor, secondaryColor] = face.colours;
  const { slug, name, locale, currency, font: fontFamily, tone, tagline } = face;
  const brand = { primaryColor, secondaryColor, fontFamily, tone, tagline };
  const manifest = parseManifest(
    JSON.stringify({ name, locale, currency, shopUrl: `https://${slug}.example`, brand, onBadRow: "skip" }),
    "store.yaml",
  );
  const file = join(EXPORTS, `${trade}.csv`);
  const stored = { ...real("moss-and-kettle"), slug, name, locale, currency, shop_url: `https://${slug}.example/` };
  const record = HAS_EXPORTS
    ? makeStore(slug, manifest, { file, text: readFileSync(file, "utf8") }).record
    : {
        ...stored,
        brand: {
          ...manifest.brand,
          primary_color: primaryColor,
          secondary_color: secondaryColor,
          font_family: fontFamily,
          tone,
          tagline,
        },
      };
  const products = HAS_EXPORTS ? record.catalogue.products : trade === "apparel" ? wands : home;
  return { ...record, catalogue: { version: record.catalogue.version, products: change([...products]) } };
}

const LONG = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"; // one word of 80 letters
const KANJI = [
  "手織りの毛布",
  "陶器の湯呑み",
  "庭の道具一式",
  "真鍮の照明",
  "木の椅子と机",
  "蝋燭",
  "観葉植物の鉢植え",
];

/** Six shops: two that are deployed, and four of other trades, scripts, currencies and taste, none of them kind to a page. */
export const SHOPS: Readonly<Record<string, StoreRecord>> = {
  "magic-wands": real("magic-wands"),
  "moss-and-kettle": real("moss-and-kettle"),
  pale: made(
    {
      slug: "pale",
      name: "Atelier Nord",
      locale: "en-US",
      currency: "USD",
      colours: ["#FFF6C2", "#FFFDF0"],
      font: "Helvetica Neue, Arial, sans-serif",
      tone: "warm, natural and gentle",
      tagline: "Light on white",
    },
    "apparel",
    (all) => all,
  ),
  neon: made(
    {
      slug: "neon",
      name: "Volt Street Supply and Sons, Purveyors of Extraordinarily Bright Clothing to the Nocturnal Public since Yesterday",
      locale: "de-DE",
      currency: "EUR",
      colours: ["#39FF14", "#FF00E5"],
      font: "Arial Black, Arial, sans-serif",
      tone: "bold, loud, street",
      tagline: "Louder",
    },
    "apparel",
    (all) =>
      all.map((one, n) => ({
        ...one,
        image_url: n % 2 === 0 ? null : one.image_url,
        title: n % 4 === 0 ? `${LONG} ${one.title}` : one.title,
        vendor: n % 5 === 0 ? LONG : one.vendor,
        description: n % 3 === 0 ? `${LONG} ${one.description}` : one.description,
        compare_at_price: n % 3 === 1 ? one.price * 1.5 : null,
      })),
  ),
  layl: made(
    {
      slug: "layl",
      name: "بيت الليل",
      locale: "ar-KW",
      currency: "KWD",
      colours: ["#050505", "#0a0a12"],
      font: "Didot, Georgia, serif",
      tone: "luxury, elegant, timeless",
      tagline: "أثاث يبقى",
    },
    "home-and-garden",
    (all) =>
      all.map((one, n) => ({
        ...one,
        title: n % 3 === 0 ? "أريكة كبيرة من الكتان الطبيعي" : one.title,
        ...priced(one, 3.125),
      })),
  ),
  tokyo: made(
    {
      slug: "tokyo",
      name: "日本の庭と暮らしの道具店",
      locale: "ja-JP",
      currency: "JPY",
      colours: ["#E5484D", "#3E9BFF"],
      font: "Nunito, sans-serif",
      tone: "playful and friendly",
      tagline: "毎日を楽しく",
    },
    "home-and-garden",
    (all) =>
      all.map((one, n) => ({
        ...one,
        title: `${KANJI[n % KANJI.length]}${n}号`,
        category: n % 2 === 0 ? "室内" : "庭",
        ...priced(one, 100),
      })),
  ),
};

/** Prices as a currency with other decimals has them. */
function priced(one: Product, factor: number): Pick<Product, "price" | "price_max" | "compare_at_price"> {
  const to = (amount: number): number =>
    Math.round(amount * factor * (factor < 10 ? 1000 : 1)) / (factor < 10 ? 1000 : 1);
  return {
    price: to(one.price),
    price_max: to(one.price_max),
    compare_at_price: one.compare_at_price === null ? null : to(one.compare_at_price),
  };
}

const wide = real("magic-wands");
const stocked = (slug: string, products: Product[], face: Partial<StoreRecord> = {}): StoreRecord => ({
  ...wide,
  ...face,
  slug,
  catalogue: { ...wide.catalogue, products },
});
const [first] = wide.catalogue.products;

/** Shops with too little or too much. */
export const ODD_SHOPS: Readonly<Record<string, StoreRecord>> = {
  one: stocked("one", first === undefined ? [] : [first], { locale: "he-IL", name: "חנות אחת" }),
  many: stocked(
    "many",
    Array.from({ length: 200 }, (_, n) => {
      const like = wide.catalogue.products[n % wide.catalogue.products.length] as Product;
      return { ...like, id: `${like.id}-${n}`, category: `Shelf ${n % 23}` };
    }),
  ),
  "sold-out": stocked(
    "sold-out",
    wide.catalogue.products.map((one) => ({ ...one, available: false })),
  ),
  bare: stocked("bare", []),
};
