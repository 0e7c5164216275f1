import type { Part, Said, Sayings } from "../../infra/fleet/manifest";

/** The option that says each part of a manifest. */
export const OPTION_OF = {
  name: "name",
  locale: "locale",
  currency: "currency",
  shopUrl: "url",
  "brand.primaryColor": "primary",
  "brand.secondaryColor": "secondary",
  "brand.fontFamily": "font",
  "brand.tone": "tone",
  "brand.tagline": "tagline",
  "brand.mark": "mark",
} as const satisfies Record<Part, string>;

export type BrandOptions = { readonly [Option in (typeof OPTION_OF)[Part]]?: string };

/** What the options say of a shop. */
export function sayingsOf(options: BrandOptions): Sayings {
  const said = Object.entries(OPTION_OF).flatMap(([part, option]): [string, Said][] => {
    const value = options[option];
    return value === undefined ? [] : [[part, { value, by: `--${option}` }]];
  });
  return Object.fromEntries(said);
}
