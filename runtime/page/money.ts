import { byKey } from "./memo";

/** Writes an amount in a currency, such as `£12.50`; a `round` one without its zeros, `£12`. */
export type Money = (amount: number, currency: string, round?: "round") => string;

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
  try {
    return new Intl.NumberFormat(locale, options);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return new Intl.NumberFormat("en", options);
  }
}
