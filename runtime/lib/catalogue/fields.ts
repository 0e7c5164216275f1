import { WebUrl } from "../../contract/product";

/** A value that was read, or a sentence that says what it has to be. */
export type Field<T> = { value: T } | { allowed: string };

const DEAREST = 10_000_000;

/** A plain decimal, as Shopify writes money; `1,234.50`, `£5` and `1e3` are refused, not guessed at. */
export function readMoney(text: string): Field<number> {
  const value = /^\d{1,8}(\.\d{1,4})?$/.test(text) ? Number(text) : Number.NaN;
  if (value <= DEAREST) return { value };
  return {
    allowed: `a price is a plain decimal from 0 to ${DEAREST} such as 1234.50, without currency or thousands separators`,
  };
}

/** A whole number, below zero where more was sold than there was; `12.0` is one that a program kept as a float. */
export function readWholeNumber(text: string): Field<number> {
  if (/^-?\d{1,9}(\.0{1,4})?$/.test(text)) return { value: Number(text) };
  return { allowed: "it is a whole number such as 12" };
}

/** One of a few words, whatever their case; empty means the first. */
export function readWord<const Word extends string>(text: string, words: readonly [Word, ...Word[]]): Field<Word> {
  const value = text === "" ? words[0] : words.find((word) => word === text.toLowerCase());
  return value === undefined ? { allowed: `it is one of ${words.join(", ")}` } : { value };
}

/** An address that a page may show a picture from. */
export function readWebUrl(text: string): Field<string> {
  if (WebUrl.safeParse(text).success) return { value: text };
  return { allowed: "it is an address that begins with https:// or http://" };
}
