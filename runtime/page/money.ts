import { byKey } from "./memo";

/** Writes an amount in a currency, such as `£12.50`; a `round` one without its zeros, `£12`. */
export type Money = (amount: number, currency: string, round?: "round") => string;

/** Writes a whole percentage, such as `31%`. */
export type Percent = (whole: number) => string;

/** Percentages as the shop's locale writes them; a locale nobody knows is written as English. */
export const percentIn = (locale: string): Percent =>
  percents(locale, () => {
    const format = known((name) => new Intl.NumberFormat(name, { style: "percent" }), locale);
    return (whole) => format.format(whole / 100);
  });

const percents = byKey<Percent>(64);

/** Prices as the shop's locale writes them (Intl.NumberFormat); a locale nobody knows is written as English. */
export function moneyIn(locale: string): Money {
  let [last, format]: [string, Intl.NumberFormat | undefined] = ["", undefined]; // a catalogue has one currency
  return (amount, currency, round) => {
    const wanted = `${currency} ${round}`;
    if (format === undefined || wanted !== last) {
      format = formats(`${locale} ${wanted}`, () => currencyFormat(locale, currency, round));
      last = wanted;
    }
    return format.format(amount);
  };
}

/** Making a format takes a hundred times as long as using it. */
const formats = byKey<Intl.NumberFormat>(64);

function currencyFormat(locale: string, currency: string, round: "round" | undefined): Intl.NumberFormat {
  const trailingZeroDisplay = round === undefined ? "auto" : "stripIfInteger";
  const options = { style: "currency", currency, trailingZeroDisplay } as const;
  return known((name) => new Intl.NumberFormat(name, options), locale);
}

function known(make: (locale: string) => Intl.NumberFormat, locale: string): Intl.NumberFormat {
  try {
    return make(locale);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return make("en");
  }
}
