import { PERSONA_TYPES } from "../../../runtime/contract/persona";
import { LayoutSpecSchema } from "../../../runtime/contract/layout";
import { render, templateLayout, type PageInput } from "../../../runtime/page";
import { LANGUAGES, speechIn } from "../../../runtime/page/words";
import { attribute, below, elementsOf, named, textOf, type Element } from "./dom";
import { BRANDS, home, persona, shop } from "./fixtures";

const OTHERS = Object.keys(LANGUAGES).filter((language) => language !== "en");
const NAME = "x".repeat(56); // the longest name that a title takes

/** Every text a language can say, by its key; those with something put in, with that put in. */
function textsOf(language: string): Record<string, string> {
  const { words, copy } = LANGUAGES[language]!;
  const all = [...Object.entries(words), ...Object.entries(copy).map(([key, text]) => [`copy.${key}`, text] as const)];
  return Object.fromEntries(
    all.map(([key, text]) => [
      key,
      typeof text === "function" ? (text as (...args: unknown[]) => string)("7", "9") : text,
    ]),
  );
}

function pageIn(locale: string, page: PageInput["page"] = { source: "template" }, type: PersonaType = "unknown") {
  const face = { ...shop("Lager", BRANDS.natural), locale };
  const who = persona(type, ["Tea"]);
  const layout = templateLayout({ persona: who, products: home, brand: face.brand, shopName: face.name, locale });
  return elementsOf(render({ layout, shop: face, products: home, page }).html);
}
type PersonaType = (typeof PERSONA_TYPES)[number];

/** The language an element's text is in: its own, or that of the nearest one around it. */
function languages(elements: readonly Element[]): Map<Element, string | undefined> {
  const found = new Map<Element, string | undefined>();
  const visit = (element: Element, around: string | undefined): void => {
    const own = attribute(element, "lang") ?? around;
    found.set(element, own);
    for (const child of element.childNodes) if ("tagName" in child) visit(child as Element, own);
  };
  visit(named(elements, "html")[0]!, undefined);
  return found;
}
const say = (element: Element): string => textOf(element).replace(/\s+/g, " ").trim();

describe.each(OTHERS)("the words of a page in %s", (language) => {
  const english = textsOf("en");
  const own = textsOf(language);

  it("are all there and its own", () => {
    expect(Object.keys(own)).toEqual(Object.keys(english));
    const same = Object.keys(own).filter((key) => own[key] === english[key] || own[key]!.trim() === "");
    const alike = ["was", "stock", "maker"]; // Dutch and French share a word with English
    expect(same.filter((key) => !alike.includes(key))).toEqual([]);
  });

  it("say what is put into them, once, and nothing of what is sold", () => {
    for (const [key, text] of Object.entries(own)) {
      expect([key, text.includes("7"), text.includes("9")]).toEqual([
        key,
        english[key]!.includes("7"),
        english[key]!.includes("9"),
      ]);
      expect([key, /undefined|\[object|[£€$%]/.test(text)]).toEqual([key, false]);
    }
  });

  it("make layouts that are valid for the longest name", () => {
    for (const type of PERSONA_TYPES) {
      const layout = templateLayout({
        persona: persona(type, ["Tea"]),
        products: home,
        brand: BRANDS.mystic,
        shopName: NAME,
        locale: `${language}-XX`,
      });
      expect(LayoutSpecSchema.safeParse(layout).error?.issues).toBeUndefined();
    }
  });

  it("leave no English on a page", () => {
    const states = ["ask", "on", "off"] as const;
    for (const [n, type] of PERSONA_TYPES.entries()) {
      const page = { source: "template", preparing: true, privacy: states[n % 3]! } as const;
      const said = say(named(pageIn(language, page, type), "body")[0]!);
      const left = Object.entries(english).filter(
        ([key, text]) =>
          text.length > 5 && !own[key]!.includes(text) && new RegExp(`(^|\\W)${escape(text)}(\\W|$)`).test(said),
      );
      expect(left).toEqual([]);
    }
  });
});

const escape = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);

describe("a page in a language that nobody has written", () => {
  const shown = { source: "template", preparing: true, privacy: "ask" } as const;

  it.each(["ko-KR", "he-IL", "sv"])("says its own words in English and marks them as that: %s", (locale) => {
    for (const type of PERSONA_TYPES) {
      const elements = pageIn(locale, shown, type);
      const spoken = languages(elements);
      expect(spoken.get(named(elements, "html")[0]!)).toBe(locale);
      const english = Object.values(textsOf("en"));
      const leaves = below(named(elements, "body")[0]!).filter((one) => english.includes(say(one)));
      const deepest = leaves.filter((one) => !below(one).some((inner) => leaves.includes(inner)));
      expect(deepest.length).toBeGreaterThan(5);
      expect(deepest.filter((one) => spoken.get(one) !== "en").map(say)).toEqual([]);
      for (const { id, title } of home) {
        const items = elements.filter((one) => one.tagName === "li" && attribute(one, "data-product-id") === id);
        const titles = items.flatMap((one) => named(below(one), "h3"));
        expect(titles.map((one) => [say(one), spoken.get(one)])).toEqual(titles.map(() => [title, locale]));
      }
    }
  });

  it("runs its English from left to right where the shop's language does not", () => {
    const [skip] = pageIn("he-IL", shown).filter((one) => attribute(one, "class") === "skip");
    const [words] = below(skip!);
    expect([attribute(words!, "lang"), attribute(words!, "dir")]).toEqual(["en", "ltr"]);
  });

  it("leaves a model's words as they are: those are in the shop's language", () => {
    const titles = (source: "model" | "template") =>
      named(pageIn("ko-KR", { source }), "h1").flatMap((one) => below(one).map((inner) => attribute(inner, "lang")));
    expect([titles("model"), titles("template")]).toEqual([[], ["en"]]);
  });
});

describe("how a page speaks", () => {
  it.each([
    ["de-CH", "de"],
    ["PT-br", "pt"],
    ["ar-KW", "ar"],
    ["en", "en"],
    ["fil-PH", "en"],
    ["constructor", "en"],
    ["", "en"],
  ])("goes by the primary language of its locale: %s", (locale, language) => {
    expect(speechIn(locale).language).toBe(language);
    expect(speechIn(locale)).toBe(speechIn(locale));
  });

  it("marks nothing on a page in English", () => {
    const marked = pageIn("en-GB").filter((one) => one.tagName !== "html" && attribute(one, "lang") !== undefined);
    expect(marked).toEqual([]);
  });

  it("writes percentages as the locale does", () => {
    const figure = (locale: string) =>
      pageIn(locale, { source: "template" }, "dealhunter").find((one) => attribute(one, "class") === "figure");
    expect([say(figure("en-GB")!), say(figure("de-DE")!)]).toEqual(["Save 25%", "Ersparnis 25 %"]);
  });
});
