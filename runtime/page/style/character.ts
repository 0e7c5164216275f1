import type { Brand } from "../../contract/store";
import { asColour, toOklch } from "../colour";

/**
 * How a brand looks beyond its colours, read from the words of its tone. Deterministic: the first character of the table
 * below with most words in the tone wins; without any, the font and the primary colour decide.
 *
 * | character | words such as | looks like |
 * |---|---|---|
 * | mystic | magic, arcane, theatrical | night surface, round corners, glow |
 * | playful | fun, friendly, whimsical | round, heavy, tinted, offset shadow |
 * | refined | luxury, elegant, heritage | square, light weight, wide letters, ivory, centred head |
 * | minimal | clean, simple, calm | hairlines, white, small type |
 * | natural | organic, warm, handmade | paper surface, soft corners |
 * | bold | energetic, street, sport | square, black outlines, upper case, coloured head |
 * | modern | technical, precise, smart | cool grey surface, small corners |
 */
export type CharacterName = "mystic" | "playful" | "refined" | "minimal" | "natural" | "bold" | "modern";

export interface Character {
  name: CharacterName;
  /** Corner radius of cards and of controls, px. */
  radius: number;
  controlRadius: number;
  headingWeight: number;
  /** Letter spacing of headings, em. */
  tracking: number;
  upperCase: boolean;
  surface: "night" | "white" | "tint" | "paper" | "ivory" | "cool";
  header: "plain" | "centred" | "filled";
  /** How a card stands out from the page. */
  card: "line" | "lift" | "offset" | "bare" | "outline";
}

const CHARACTERS: readonly (Character & { words: readonly string[] })[] = [
  {
    name: "mystic",
    words: [
      "mystic",
      "mystical",
      "theatrical",
      "mysterious",
      "magic",
      "magical",
      "arcane",
      "enchanting",
      "enchanted",
      "dark",
      "nocturnal",
      "wizard",
    ],
    radius: 16,
    controlRadius: 999,
    headingWeight: 700,
    tracking: -0.01,
    upperCase: false,
    surface: "night",
    header: "plain",
    card: "line",
  },
  {
    name: "playful",
    words: ["playful", "fun", "friendly", "whimsical", "cheerful", "cheeky", "joyful", "colourful", "colorful", "kids"],
    radius: 24,
    controlRadius: 999,
    headingWeight: 800,
    tracking: -0.02,
    upperCase: false,
    surface: "tint",
    header: "plain",
    card: "offset",
  },
  {
    name: "refined",
    words: [
      "luxury",
      "luxurious",
      "elegant",
      "premium",
      "refined",
      "exclusive",
      "sophisticated",
      "heritage",
      "timeless",
    ],
    radius: 0,
    controlRadius: 0,
    headingWeight: 400,
    tracking: 0.01,
    upperCase: false,
    surface: "ivory",
    header: "centred",
    card: "bare",
  },
  {
    name: "minimal",
    words: [
      "minimal",
      "minimalist",
      "clean",
      "simple",
      "calm",
      "quiet",
      "nordic",
      "scandinavian",
      "understated",
      "plain",
    ],
    radius: 2,
    controlRadius: 2,
    headingWeight: 500,
    tracking: -0.02,
    upperCase: false,
    surface: "white",
    header: "plain",
    card: "bare",
  },
  {
    name: "natural",
    words: ["natural", "organic", "warm", "handmade", "rustic", "earthy", "cosy", "cozy", "gentle", "honest", "homely"],
    radius: 12,
    controlRadius: 8,
    headingWeight: 600,
    tracking: -0.01,
    upperCase: false,
    surface: "paper",
    header: "plain",
    card: "lift",
  },
  {
    name: "bold",
    words: [
      "bold",
      "energetic",
      "loud",
      "sporty",
      "street",
      "edgy",
      "strong",
      "confident",
      "adventurous",
      "rebellious",
    ],
    radius: 0,
    controlRadius: 0,
    headingWeight: 900,
    tracking: -0.03,
    upperCase: true,
    surface: "white",
    header: "filled",
    card: "outline",
  },
  {
    name: "modern",
    words: ["modern", "technical", "precise", "futuristic", "smart", "innovative", "expert", "professional", "sleek"],
    radius: 8,
    controlRadius: 8,
    headingWeight: 700,
    tracking: -0.025,
    upperCase: false,
    surface: "cool",
    header: "plain",
    card: "line",
  },
];

/** What the brand's tone, font and colours say its pages should look like. */
export function readCharacter(brand: Brand): Character {
  const words = brand.tone.toLowerCase().split(/[^a-z]+/);
  const score = (known: readonly string[]): number => words.filter((word) => known.includes(word)).length;
  const [best] = CHARACTERS.toSorted((a, b) => score(b.words) - score(a.words));
  if (best !== undefined && score(best.words) > 0) return best;
  const name = withoutWords(brand);
  return CHARACTERS.find((character) => character.name === name) as Character;
}

function withoutWords(brand: Brand): CharacterName {
  if (/georgia|garamond|didot|bodoni|playfair|baskerville|times/i.test(brand.font_family)) return "refined";
  if (/mono|courier|consolas/i.test(brand.font_family)) return "modern";
  if (/comic|rounded|nunito|baloo|quicksand/i.test(brand.font_family)) return "playful";
  const { l, c } = toOklch(asColour(brand.primary_color, "#444444"));
  if (c < 0.04) return "minimal";
  return l > 0.62 ? "playful" : "natural";
}
