/** The usual currency of a region, and the usual locale of a currency, where nobody says. */
const USUAL = [
  ["en-US", "USD"],
  ["en-GB", "GBP"],
  ["de-DE", "EUR"],
  ["fr-FR", "EUR"],
  ["es-ES", "EUR"],
  ["it-IT", "EUR"],
  ["nl-NL", "EUR"],
  ["pt-PT", "EUR"],
  ["en-IE", "EUR"],
  ["de-AT", "EUR"],
  ["fr-BE", "EUR"],
  ["fi-FI", "EUR"],
  ["en-CA", "CAD"],
  ["en-AU", "AUD"],
  ["en-NZ", "NZD"],
  ["de-CH", "CHF"],
  ["sv-SE", "SEK"],
  ["da-DK", "DKK"],
  ["nb-NO", "NOK"],
  ["pl-PL", "PLN"],
  ["cs-CZ", "CZK"],
  ["pt-BR", "BRL"],
  ["es-MX", "MXN"],
  ["ja-JP", "JPY"],
  ["en-IN", "INR"],
  ["en-SG", "SGD"],
] as const;

const regionOf = (locale: string): string | undefined => /-([A-Z]{2})$/.exec(locale)?.[1];

/** The currency of a locale's region; undefined where it has none, or one that is not known here. */
export function currencyOf(locale: string): string | undefined {
  const region = regionOf(locale);
  return region === undefined ? undefined : USUAL.find(([usual]) => regionOf(usual) === region)?.[1];
}

/** The locale that prices in a currency are most often written in; English for the euro, which has many. */
export function localeOf(currency: string): string | undefined {
  return currency === "EUR" ? "en-IE" : USUAL.find(([, usual]) => usual === currency)?.[0];
}
