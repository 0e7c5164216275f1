import type { LayoutSpec, Section } from "../contract/layout";
import { claimOf } from "../lib/freeText";
import { plainText } from "./html";
import type { ShopFace } from "./input";
import { speechIn, type Copy } from "./words";

const LONGEST_NAME = 56; // leaves room for the words around it in a title of 90 characters

/**
 * A layout that a model wrote, without its words where they say what no model may (`claimOf`): the template's words stand in for
 * what a section has to say, and what it may leave out is left out. So a page that is good otherwise is not lost for a line.
 * Only for layouts of others: what the template says is ours and the shop's.
 */
export function tameWords(layout: LayoutSpec, { name, locale }: Pick<ShopFace, "name" | "locale">): LayoutSpec {
  const { copy } = speechIn(locale);
  const shop = name.trim() === "" || name.trim().length > LONGEST_NAME ? copy.ourShop : name.trim();
  return { ...layout, sections: layout.sections.map((section) => tame(section, shop, copy)) };
}

/** The words if they may stand, else those `instead`. */
const words = (text: string, instead = ""): string => (claimOf(text) === undefined ? plainText(text).trim() : instead);

function tame(section: Section, shop: string, copy: Copy): Section {
  switch (section.type) {
    case "hero": {
      const { title, subtitle, cta_text: label } = section.config;
      const said = { title: words(title, copy.welcome(shop)), subtitle: words(subtitle) };
      return { ...section, config: { ...section.config, ...said, cta_text: words(label, copy.look) } };
    }
    case "recommendations": {
      const { title, reason } = section.config;
      return { ...section, config: { ...section.config, title: words(title, copy.more), reason: words(reason) } };
    }
    case "cta": {
      const { title, text, cta_text: label } = section.config;
      const said = { title: words(title, copy.stillMore), text: words(text) };
      return { ...section, config: { ...section.config, ...said, cta_text: words(label, copy.takeALook) } };
    }
    case "grid":
      return { ...section, config: { ...section.config, title: words(section.config.title) } };
    case "filters":
      return { ...section, config: { ...section.config, title: words(section.config.title) } };
  }
}
