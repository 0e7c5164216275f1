import type { Brand } from "../../contract/store";
import { asColour, contrast, fromOklch, inkOn, mix, readable, shade, toOklch } from "../colour";
import type { Character } from "./character";
import { fontStack } from "./fonts";

/** Every colour of a page. Text colours reach 4.5:1 on `page`, `surface` and `band`; `focus` and `edge` reach 3:1. */
export interface Palette {
  night: boolean;
  page: string;
  /** Cards and other raised areas. */
  surface: string;
  /** Tinted band behind a section. */
  band: string;
  ink: string;
  muted: string;
  line: string;
  edge: string;
  /** Brand colour as text and links. */
  accent: string;
  /** Brand colours as areas; text is on the primary one alone. */
  primary: string;
  onPrimary: string;
  secondary: string;
  /** Savings, as text and behind text of the page's colour. */
  sale: string;
  focus: string;
}

/** Palette of a shop: the brand's own colours as areas, adjusted only where they are read as text. */
export function paletteOf(brand: Brand, character: Character): Palette {
  const primary = asColour(brand.primary_color, "#3b3b45");
  const secondary = asColour(brand.secondary_color, "#8a8a99");
  const night = character.surface === "night";
  const { page, surface, band } = surfaces(primary, secondary, character);
  const behind = [page, surface, band];
  const ink = readable(shade(primary, night ? 0.95 : 0.22, 0.03), behind, 10);
  const onPrimary = inkOn(primary);
  return {
    night,
    page,
    surface,
    band,
    ink,
    muted: readable(mix(ink, page, 0.38), behind),
    line: mix(page, ink, night ? 0.2 : 0.13),
    edge: readable(mix(page, ink, 0.4), behind, 3),
    accent: readable(night ? secondary : primary, behind),
    primary: readable(primary, [onPrimary]),
    onPrimary,
    secondary,
    sale: readable(night ? "#ff8f8a" : "#b3261e", behind),
    focus: readable(night ? secondary : primary, behind, 3),
  };
}

function surfaces(
  primary: string,
  secondary: string,
  character: Character,
): Pick<Palette, "page" | "surface" | "band"> {
  const { h } = toOklch(primary);
  const tint = (l: number, c: number, hue = h): string => fromOklch({ l, c, h: hue });
  switch (character.surface) {
    case "night":
      return { page: tint(0.17, 0.035), surface: tint(0.225, 0.045), band: tint(0.2, 0.06) };
    case "tint":
      return { page: mix("#ffffff", secondary, 0.12), surface: "#ffffff", band: mix("#ffffff", primary, 0.13) };
    case "paper":
      return { page: tint(0.972, 0.012, 85), surface: tint(0.992, 0.006, 85), band: tint(0.935, 0.022, 85) };
    case "ivory":
      return { page: tint(0.985, 0.008, 95), surface: tint(0.985, 0.008, 95), band: tint(0.95, 0.012, 90) };
    case "cool":
      return { page: tint(0.975, 0.006, 250), surface: "#ffffff", band: mix("#ffffff", primary, 0.08) };
    case "white":
      return { page: "#ffffff", surface: "#ffffff", band: mix("#ffffff", primary, 0.06) };
  }
}

const SHADOW: Record<Character["card"], string> = {
  line: "none",
  bare: "none",
  lift: "0 1px 2px rgb(0 0 0/.06),0 8px 24px rgb(0 0 0/.06)",
  offset: "0 6px 0 var(--line)",
  outline: "none",
};

/** The custom properties that all rules of a page are written in. */
export function tokensCss(brand: Brand, character: Character, palette: Palette): string {
  const { night, ...colours } = palette;
  const border: Record<Character["card"], string> = {
    line: "1px solid var(--line)",
    bare: "0 solid transparent",
    lift: "0 solid transparent",
    offset: "2px solid var(--line)",
    outline: "2px solid var(--ink)",
  };
  const properties = {
    ...Object.fromEntries(Object.entries(colours).map(([name, value]) => [kebab(name), value])),
    font: fontStack(brand.font_family),
    radius: `${character.radius}px`,
    "control-radius": `${character.controlRadius}px`,
    "heading-weight": String(character.headingWeight),
    tracking: `${character.tracking}em`,
    "heading-case": character.upperCase ? "uppercase" : "none",
    "card-border": border[character.card],
    "card-shadow": SHADOW[character.card],
    // An edge where the brand's colour alone would leave a button hardly to be seen (WCAG 1.4.11).
    "button-edge": contrast(colours.primary, colours.page) < 3 ? "var(--edge)" : "transparent",
    "card-surface": character.card === "bare" ? "transparent" : "var(--surface)",
    "card-pad": character.card === "bare" ? "0px" : "1rem",
  };
  const body = Object.entries(properties).map(([name, value]) => `--${name}:${value}`);
  return `:root{color-scheme:${night ? "dark" : "light"};${body.join(";")}}`;
}

const kebab = (name: string): string => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
