const FALLBACKS = {
  serif: `Georgia,"Iowan Old Style","Times New Roman",serif`,
  mono: `ui-monospace,"SF Mono",Menlo,Consolas,monospace`,
  sans: `system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif`,
} as const;

const GENERIC =
  /^(serif|sans-serif|monospace|cursive|fantasy|system-ui|ui-serif|ui-sans-serif|ui-monospace|ui-rounded)$/;

/** The brand's fonts as a CSS list that is safe to write, then fonts that a shopper's system has. */
export function fontStack(family: string): string {
  const names = family
    .split(",")
    .map((name) => name.replace(/[^A-Za-z0-9 -]/g, "").trim())
    .filter((name) => name !== "");
  const specific = names.filter((name) => !GENERIC.test(name)).map((name) => `"${name}"`);
  return [...specific, FALLBACKS[kindOf(family)]].join(",");
}

function kindOf(family: string): keyof typeof FALLBACKS {
  if (/mono|courier|consolas/i.test(family)) return "mono";
  if (/sans/i.test(family)) return "sans";
  return /serif|georgia|garamond|didot|bodoni|playfair|baskerville|times|palatino|caslon|merriweather|lora/i.test(
    family,
  )
    ? "serif"
    : "sans";
}
