import { fromOklch, mix, toOklch } from "../colour";
import type { Palette } from "../style/tokens";
import { hash32, type Dice } from "./random";

/** The colours of one drawing. */
export interface Paint {
  night: boolean;
  sky: string;
  back: string;
  ground: string;
  main: string;
  dark: string;
  light: string;
  accent: string;
  wood: string;
  woodDark: string;
  leaf: string;
  leafDark: string;
  paper: string;
  metal: string;
}

/** Colour and material words: [lightness, chroma, hue] of the thing they name. */
const NAMED: readonly [RegExp, number, number, number][] = [
  [/\b(black|ebony|onyx|obsidian|charcoal|raven|midnight)\b/, 0.33, 0.03, 285],
  [/\b(white|ivory|bone|snow|pearl|cream|oat|linen|birch|moonlight|porcelain)\b/, 0.92, 0.025, 85],
  [/\b(red|crimson|cherry|ruby|scarlet|rowan|phoenix|dragon|chilli|berry|hibiscus|rooibos)\b/, 0.55, 0.17, 25],
  [/\b(terracotta|copper|rust|orange|pumpkin|clay|cinnamon|fire|ember|ginger)\b/, 0.64, 0.14, 48],
  [/\b(yellow|gold|golden|mustard|amber|honey|brass|sun|lemon|chamomile|turmeric)\b/, 0.78, 0.14, 85],
  [/\b(green|olive|sage|moss|emerald|forest|holly|ivy|mint|matcha|sencha|jade|fern)\b/, 0.6, 0.11, 145],
  [/\b(teal|turquoise|aqua|sea|mermaid)\b/, 0.62, 0.1, 195],
  [/\b(blue|ocean|navy|sapphire|indigo|sky|frost|ice|denim|storm)\b/, 0.55, 0.12, 250],
  [/\b(purple|plum|violet|lavender|amethyst|lilac|mauve)\b/, 0.56, 0.14, 305],
  [/\b(pink|rose|blush|coral|peach|unicorn|love)\b/, 0.74, 0.12, 5],
  [
    /\b(brown|oak|walnut|wood|wooden|leather|chocolate|hazel|chestnut|willow|elder|yew|mahogany|cocoa|coffee)\b/,
    0.5,
    0.075,
    58,
  ],
  [/\b(silver|(?<!earl )grey|gray|steel|slate|stone|iron|pewter|smoke|concrete|zinc)\b/, 0.68, 0.015, 260],
];

const WOOD: readonly Lch[] = [
  [0.55, 0.09, 60],
  [0.47, 0.075, 45],
  [0.66, 0.08, 72],
  [0.4, 0.05, 35],
];

/**
 * Colours of a drawing: the sky is of the brand (its hue moves a little with the category, less with the product), the thing
 * itself has the colour its name says, else the brand's other colour.
 */
export function paintOf(words: string, category: string, palette: Palette, night: boolean, roll: Dice): Paint {
  const primary = toOklch(palette.primary);
  const secondary = toOklch(palette.secondary);
  const turn = [0, 24, -24, 48, -40][hash32(category) % 5] ?? 0;
  const hue = primary.h + turn + roll.int(-8, 8);
  const tinge = Math.min(1, Math.max(0.3, primary.c / 0.12));
  const at = (l: number, c: number, h = hue): string => fromOklch({ l, c: c * tinge, h });
  const scene = night
    ? { sky: at(0.25, 0.075), back: at(0.36, 0.11), ground: at(0.19, 0.06) }
    : { sky: at(0.925, 0.04), back: at(0.845, 0.075), ground: at(0.79, 0.07) };
  const thing = named(words) ?? [
    night ? 0.7 : 0.6,
    Math.min(0.15, Math.max(0.06, secondary.c)),
    secondary.h + roll.pick([-24, 0, 0, 22]) + roll.int(-8, 8),
  ];
  const [l, c, h] = night ? [Math.max(0.44, thing[0]), thing[1], thing[2]] : thing;
  const wood = woodOf(words, roll);
  const green = roll.int(132, 158);
  return {
    night,
    ...scene,
    main: fromOklch({ l, c, h }),
    dark: fromOklch({ l: l - 0.15, c, h: h - 6 }),
    light: fromOklch({ l: Math.min(0.97, l + 0.17), c: c * 0.75, h: h + 6 }),
    accent: fromOklch({ l: night ? 0.86 : 0.72, c: Math.min(0.15, Math.max(0.07, secondary.c)), h: secondary.h }),
    wood: fromOklch({ l: wood[0], c: wood[1], h: wood[2] }),
    woodDark: fromOklch({ l: wood[0] - 0.13, c: wood[1], h: wood[2] - 6 }),
    leaf: fromOklch({ l: 0.6, c: 0.11, h: green }),
    leafDark: fromOklch({ l: 0.47, c: 0.09, h: green + 6 }),
    paper: mix("#fffaf0", scene.sky, 0.12),
    metal: fromOklch({ l: 0.8, c: 0.03, h: hue }),
  };
}

type Lch = readonly [number, number, number];

function named(words: string): Lch | undefined {
  const found = NAMED.find(([pattern]) => pattern.test(words));
  return found && [found[1], found[2], found[3]];
}

/** A named wood is drawn in its colour; pale and dark ones stay apart from the sky. */
function woodOf(words: string, roll: Dice): Lch {
  const colour = named(words);
  const plain = roll.pick(WOOD);
  return colour === undefined
    ? plain
    : [Math.min(0.84, Math.max(0.42, colour[0])), Math.min(0.1, colour[1]), colour[2]];
}
