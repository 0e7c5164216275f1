/** Languages that are written from right to left, and scripts that say so whatever the language. */
const RTL_LANGUAGES = new Set("ar arc ckb dv fa he iw ji ks ps sd syr ug ur yi".split(" "));
const RTL_SCRIPTS = new Set("adlm arab hebr mand mend nkoo rohg samr syrc thaa".split(" "));

/** The direction of a BCP 47 locale's text, by its script where it names one, else by its language. */
export function directionOf(locale: string): "ltr" | "rtl" {
  const [language = "", ...others] = locale.toLowerCase().split("-");
  const script = others.find((part) => /^[a-z]{4}$/.test(part));
  const rtl = script === undefined ? RTL_LANGUAGES.has(language) : RTL_SCRIPTS.has(script);
  return rtl ? "rtl" : "ltr";
}
