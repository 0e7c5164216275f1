import type { Brand } from "../../contract/store";
import { byKey } from "../memo";
import { readCharacter, type Character } from "./character";
import { paletteOf, tokensCss, type Palette } from "./tokens";

/** All that a page takes from the brand's colours, font and tone. */
export interface Look {
  /** The same for brands that look the same. */
  key: string;
  character: Character;
  palette: Palette;
  /** The custom properties, as a rule. */
  tokens: string;
}

/** The look of a brand; the same object for the same brand, as long as it is among the last ones asked for. */
export function lookOf(brand: Brand): Look {
  const key = JSON.stringify([brand.primary_color, brand.secondary_color, brand.font_family, brand.tone]);
  return looks(key, () => {
    const character = readCharacter(brand);
    const palette = paletteOf(brand, character);
    return { key, character, palette, tokens: tokensCss(brand, character, palette) };
  });
}

const looks = byKey<Look>(64);
