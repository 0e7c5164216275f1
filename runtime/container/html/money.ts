/**
 * Amounts of money and reductions in a text, in the ways shops of the larger languages write them. Told generously: words
 * that only look like a price are lost, a price is not.
 */
const NUMBER = String.raw`\p{Nd}(?:[\p{Nd}.,'’\s]{0,12}\p{Nd})?`;
const CODES =
  "USD|EUR|GBP|CHF|JPY|CNY|INR|AUD|CAD|NZD|SEK|NOK|DKK|PLN|CZK|HUF|RON|BGN|TRY|BRL|MXN|ZAR|KRW|SGD|HKD|ILS|AED|SAR|THB|RUB|UAH";
const WORDS =
  "euros?|dollars?|bucks?|pounds?|quid|pence|cents?|francs?|franken|yen|yuan|rupees?|kron[aeo]r?|kr|z[łl]|rubles?|reais|real|pesos?|lira|grand|k[čc]|ft|lei";
const REDUCED =
  "off|less|cheaper|reduced|discount|savings?|rabatt|reduziert|g[üu]nstiger|billiger|nachlass|de r[ée]duction|remise|moins|sconto|de descuento|menos|desconto|korting|rabat";
const SAVE = "save|saving|save up to|spare|sparen|bis zu|up to|only|nur|from|ab|économisez|risparmia|ahorra|bespaar";

const MONEY = new RegExp(
  [
    String.raw`\p{Sc}`, // a currency sign says it alone, wherever its number stands
    String.raw`(?<![\p{L}\p{N}])(?:${CODES})\s?${NUMBER}`,
    String.raw`${NUMBER}\s?(?:${CODES}|${WORDS})(?![\p{L}\p{N}])`,
    String.raw`${NUMBER}\s?,[-–—]`, // 5,-
    String.raw`\p{Nd}+[.,]\p{Nd}{2}(?![\p{Nd}.,]|\s?(?:m|cm|mm|kg|g|l|ml|oz|in|ft|%)\b)`, // 19.99 can be little else in a shop
    String.raw`(?:${SAVE})\s+${NUMBER}(?:\s?%)?(?!\s?[\p{L}])`,
    String.raw`${NUMBER}\s?(?:%|percent|prozent|per cent)\s?(?:${REDUCED})`,
    String.raw`(?:${REDUCED})\s+(?:of\s+|von\s+|by\s+|um\s+)?${NUMBER}\s?%`,
    String.raw`[-−–]\s?\p{Nd}{1,2}\s?%`,
  ].join("|"),
  "iu",
);

/** Whether a text names an amount of money or a reduction. Compatibility forms such as full-width digits count as what they look like. */
export const namesMoney = (text: string): boolean =>
  MONEY.test(
    text
      .normalize("NFKC")
      .replace(/[\p{Cf}\p{Cc}]/gu, "")
      .replace(/\s+/g, " "),
  );
