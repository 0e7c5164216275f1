import type { LayoutSpec } from "../../contract/layout";
import type { Persona } from "../../contract/persona";
import type { Product } from "../../contract/product";
import type { Brand } from "../../contract/store";
import { readCharacter } from "../style/character";
import { LAYOUTS } from "./personas";
import { rank } from "./ranking";

export interface TemplateInput {
  persona: Persona;
  products: readonly Product[];
  brand: Brand;
  shopName: string;
}

/** A layout without a model: one for each persona, filled by the shopper's signals. Deterministic and always valid. */
export function templateLayout({ persona, products, brand, shopName }: TemplateInput): LayoutSpec {
  const { signals, type } = persona;
  const ranked = rank(products, signals);
  const sections = LAYOUTS[type]({ shopName, voice: readCharacter(brand).name, signals, products, ranked });
  return { version: 1, persona: type, sections };
}
