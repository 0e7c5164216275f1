/** "Your store is ready" in the languages that pages speak. */
const READY: Readonly<Record<string, string>> = {
  ar: "متجرك جاهز",
  de: "Ihr Laden ist bereit",
  es: "Tu tienda está lista",
  fr: "Votre boutique est prête",
  it: "Il tuo negozio è pronto",
  nl: "Je winkel is klaar",
  pt: "A sua loja está pronta",
};

/** Says on a link that the page is ready, in the page's language; in English, and marked as that, where nobody has written it. */
export function sayReady(link: HTMLElement): void {
  const language = document.documentElement.lang.split("-", 1)[0]?.toLowerCase() ?? "";
  const words = READY[language];
  link.lang = words === undefined ? "en" : language;
  link.textContent = words ?? "Your store is ready";
}
