/**
 * Amounts of money and reductions, in the ways shops of the larger languages write them. Told generously: words that only look
 * like a price are lost, a price is not. All patterns are for folded texts, so letters here have no marks.
 */
const NUMBER = String.raw`\p{Nd}(?:[\p{Nd}.,'’ ]{0,12}\p{Nd})?`;
const CODES =
  "USD|EUR|GBP|CHF|JPY|CNY|INR|AUD|CAD|NZD|SEK|NOK|DKK|PLN|CZK|HUF|RON|BGN|TRY|BRL|MXN|ZAR|KRW|SGD|HKD|ILS|AED|SAR|THB|RUB|UAH";
/** Words that say money without a number: it may be written in letters, or stand somewhere else. */
const ALWAYS =
  "euros?|dollars?|bucks|quid|pence|rupees?|yuan|rubles?|zloty|reais|евро|рубл[а-я]{1,3}|долларов|ユーロ|ドル";
/** Words that say money behind a number; some of them are weights, or words of other kinds, elsewhere. */
const COUNTED = String.raw`pounds?|cents?|francs?|franken|fr\.|yen|kron[aeo]r?|kr|zł|pesos?|lira|kc|lei|grand(?! \p{L})|real(?! \p{L})|円|元|원`;
const REDUCED =
  "off|less|cheaper|reduced|reductions?|discounts?|savings?|sale|rabatt|reduziert|gunstiger|billiger|nachlass|de reduction|remise|moins|sconto|de descuento|menos|desconto|korting|rabat|auf|sur|su|op";
const SAVE =
  "save|saving|saves|spare|sparen|bis zu|up to|only|just|nur|from|ab|under|below|unter|for|fur|economisez|risparmia|ahorra|bespaar";
/** What is counted or measured, so that the number before it is no amount: `only 5 left`, `from 12 cm`, `up to 3 × 4`. */
const COUNTS = String.raw`(?![\p{Nd}]|[.,'’ ]{1,2}\p{Nd}| ?[\p{L}×"″:/–-])`;

const MONEY = new RegExp(
  [
    // A sign of a currency says it alone, wherever its number stands; so do pictures of money.
    String.raw`\p{Sc}|[\u{1f4b0}-\u{1f4b2}\u{1f4b4}-\u{1f4b8}\u{1fa99}]`,
    String.raw`(?<![\p{L}\p{N}])(?:(?:${CODES}|rs\.?|kr\.?|fr\.) ?${NUMBER}|(?:${ALWAYS})(?![\p{L}\p{N}]))`,
    String.raw`${NUMBER} ?(?:${CODES}|${ALWAYS}|${COUNTED})(?![\p{L}\p{N}])`,
    String.raw`\p{Nd}{3} ?ft(?![\p{L}\p{N}])`, // forints are counted in hundreds, feet are not
    String.raw`${NUMBER} ?[,:][-–—]`, // 5,- and 5:-
    String.raw`(?<![\p{Nd}.,])\p{Nd}+[.,]\p{Nd}{2}(?![\p{Nd}.,]*\p{Nd}| ?(?:m|cm|mm|km|kg|g|mg|l|ml|cl|oz|in|inch|inches|ft|lb|lbs|h|v|w|x|%|"|×)(?!\p{L}))`, // 19.99 can be little else in a shop
    String.raw`(?<![\p{L}\p{N}])(?:${SAVE}) (?!(?:1[5-9]|20)\p{Nd}{2}(?!\p{Nd}|[.,]\p{Nd}))${NUMBER}${COUNTS}(?! ?%)`,
    String.raw`(?<!\p{Nd}[.,]?)(?!100 ?%)${NUMBER} ?(?:[%٪]|percent|prozent|pct|per cent|pour cent)(?! ?\p{L})`, // `80% cotton` is what it is made of
    String.raw`(?:[%٪]|percent|prozent|per cent) ?(?:${REDUCED})(?!\p{L})`,
    String.raw`(?<!\p{L})(?:${REDUCED}|${SAVE}) (?:of |von |by |um |de )?${NUMBER} ?[%٪]`,
    String.raw`(?<![\p{L}\p{N}])[-−–] ?\p{Nd}{1,2} ?[%٪]`,
    String.raw`(?<!\p{L})(?:half[ -]price|half off|price[sd]? (?:at|of|is)|\p{Nd}{1,2} for \p{Nd}|(?:two|three) for (?:one|two)|for free|free of charge|free (?:shipping|delivery|returns|gifts?)|get one free|gratis|kostenlos|umsonst|gratuite?s?)(?!\p{L})`,
  ].join("|"),
  "iu",
);

/** Whether a folded text names an amount of money, a reduction, or that something costs nothing. */
export const namesMoney = (folded: string): boolean => MONEY.test(folded);
