/**
 * A text as a reader takes it: compatibility forms (full-width, circled and raised characters) as what they look like, without
 * marks on letters and without what cannot be seen, white space as one space. For judging alone, never for showing.
 */
export function fold(text: string): string {
  return text
    .normalize("NFKD")
    .replace(/[\p{M}\p{Cf}\p{Default_Ignorable_Code_Point}]|[^\P{Cc}\s]/gu, "")
    .replace(/(?<=[\p{L}\p{N}])\u3002(?=[a-z])/giu, ".") // browsers read this full stop as the dot of an address
    .replace(/[\s\u2800]+/g, " ")
    .trim();
}
