import type { LayoutSpec } from "../../contract/layout";
import type { Persona } from "../../contract/persona";
import type { Product } from "../../contract/product";
import type { Brand } from "../../contract/store";
import { readCharacter } from "../style/character";
import { linesOf } from "./copy";
import { LAYOUTS, single } from "./personas";
import { rank } from "./ranking";

export interface TemplateInput {
  persona: Persona;
  products: readonly Product[];
  brand: Brand;
  shopName: string;
  /** The shop's BCP 47 locale; its words are English when left out, and where nobody has written them in its language. */
  locale?: string;
}

/** A layout without a model: one for each persona, filled by the shopper's signals. Deterministic and always valid. */
export function templateLayout({ persona, products, brand, shopName, locale = "en" }: TemplateInput): LayoutSpec {
  const { signals, type } = persona;
  const ranked = rank(products, signals);
  const lines = linesOf(locale, readCharacter(brand).name, shopName);
  const [first] = products;
  const shelf = { lines, signals, products, ranked };
  const sections = products.length === 1 && first?.available ? single(first, type, lines) : LAYOUTS[type](shelf);
  return { version: 1, persona: type, sections };
}
