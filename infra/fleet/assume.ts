import type { LoadedStore } from "../../runtime/lib/catalogue";
import { layered, type Part, type Said, type Sayings } from "./manifest";
import { currencyOf, localeOf } from "./regions";

const NOBODY = "assumed";
const DEFAULT_LOCALE = "en-US";
const DEFAULT_CURRENCY = "USD";
/** A look that offends nobody, with enough contrast on white. */
const LOOK = {
  "brand.primaryColor": "#1F3A5F",
  "brand.secondaryColor": "#B4572A",
  "brand.fontFamily": "system-ui, sans-serif",
  "brand.tone": "Friendly and clear, in plain words.",
} as const satisfies Partial<Record<Part, string>>;

const assumed = (value: string): Said => ({ value, by: NOBODY });

/** Parts that nobody said anything of: what was taken for them deserves to be told. */
export const assumedIn = (sayings: Sayings): [Part, unknown][] =>
  (Object.entries(sayings) as [Part, Said][]).flatMap(([part, { value, by }]) =>
    by === NOBODY ? [[part, value]] : [],
  );

/**
 * What is said of a shop, completed by what is usual: the name from the slug, locale and currency from each other. Its address
 * leads nowhere (RFC 2606) rather than to somebody else's shop.
 */
export function withAssumptions(slug: string, said: Sayings): Sayings {
  const { locale, currency } = said;
  const usualLocale = typeof currency?.value === "string" ? localeOf(currency.value) : undefined;
  const usualCurrency = typeof locale?.value === "string" ? currencyOf(locale.value) : undefined;
  const usual: Sayings = {
    name: assumed(nameOf(slug)),
    locale: assumed(usualLocale ?? DEFAULT_LOCALE),
    currency: assumed(usualCurrency ?? DEFAULT_CURRENCY),
    shopUrl: assumed(`https://${slug}.example`),
    ...Object.fromEntries(Object.entries(LOOK).map(([part, value]) => [part, assumed(value)])),
  };
  return layered(said, usual);
}

/** What the export tells of the shop: a vendor that all products have is the shop itself. */
export function toldBy({ record }: LoadedStore): Sayings {
  const vendors = new Set(record.catalogue.products.map(({ vendor }) => vendor.trim()));
  const [vendor = ""] = vendors;
  return vendors.size === 1 && vendor !== "" ? { name: { value: vendor, by: "the export's vendor" } } : {};
}

/** `tea-house` is "Tea House". */
const nameOf = (slug: string): string =>
  slug
    .split("-")
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join(" ");
