import { randomBytes } from "node:crypto";

/**
 * Text of others on its way into a prompt: without control, format (bidi, zero-width, tag), private-use and lone surrogate
 * characters, white space collapsed, and at most `max` characters, none of them cut in two.
 */
export function cleanText(text: string, max: number): string {
  const plain = text
    .normalize("NFC")
    .replace(/[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu, " ")
    .replace(/\s+/g, " ")
    .trim();
  return Array.from(plain).slice(0, max).join("");
}

/** Data between two marks that nobody who wrote it could know. */
export function fence(data: unknown): { mark: string; text: string } {
  const mark = `data-${randomBytes(12).toString("hex")}`;
  return { mark, text: `<${mark}>\n${JSON.stringify(data)}\n</${mark}>` };
}
