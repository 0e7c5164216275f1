/** Writes an amount in a currency, such as `£12.50`. */
export type Money = (amount: number, currency: string) => string;

/** Prices as the shop's locale writes them (Intl.NumberFormat); a locale nobody knows is written as English. */
export function moneyIn(locale: string): Money {
  const formats = new Map<string, Intl.NumberFormat>();
  return (amount, currency) => {
    let format = formats.get(currency);
    if (format === undefined) formats.set(currency, (format = currencyFormat(locale, currency)));
    return format.format(amount);
  };
}

function currencyFormat(locale: string, currency: string): Intl.NumberFormat {
  const options = { style: "currency", currency } as const;
  try {
    return new Intl.NumberFormat(locale, options);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return new Intl.NumberFormat("en", options);
  }
}
