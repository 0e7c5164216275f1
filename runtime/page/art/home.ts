import type { Motif, Pen } from "./motif";
import { BODY, circle, ellipse, FALL, GLOW, leaf, path, rect, stroke } from "./shapes";

const POTS = [
  "M144 244h112l-14 80h-84z",
  "M138 238h124q6 84-36 86h-52q-42-2-36-86z",
  "M146 232h108v80q0 12-12 12h-84q-12 0-12-12z",
] as const;

function plant({ paint, roll, words }: Pen): string {
  const pot = roll.pick(POTS);
  return (
    foliage(paint, roll, words) + path(pot, paint.main) + path(pot, BODY) + rect(136, 230, 128, 18, 6, paint.light)
  );
}

function foliage(paint: Pen["paint"], roll: Pen["roll"], words: string): string {
  if (/cactus|cacti/.test(words)) {
    const body = "M172 240V134a28 28 0 0 1 56 0v106z";
    return (
      stroke("M182 196h-34v-36m70 24h32v-42", paint.leaf, 26) +
      path(body, paint.leaf) +
      stroke("M188 130v106m12-110v110m12-106v106", paint.leafDark, 2.5, 0.8) +
      circle(200, 104, 13, paint.accent)
    );
  }
  const kind = /snake|aloe|agave|succulent|grass/.test(words) ? 0 : /fern|palm|bamboo/.test(words) ? 1 : roll.int(0, 3);
  const spread = [-1.15, -0.75, -0.38, 0, 0.38, 0.75, 1.15];
  const each = (low: number, high: number, width: number, squeeze: number): string[] =>
    spread.map((angle) => leaf(200, 240, angle * squeeze, roll.int(low, high), width));
  if (kind === 0) {
    const blades = each(110, 175, 13, 0.55);
    return path(blades.slice(0, 4).join(""), paint.leafDark) + path(blades.slice(3).join(""), paint.leaf);
  }
  if (kind === 1)
    return (
      path(each(120, 165, 20, 1).join(""), paint.leaf) +
      stroke(
        spread.map((a) => `M200 240l${Math.round(Math.sin(a) * 110)} ${Math.round(-Math.cos(a) * 110)}`).join(""),
        paint.leafDark,
        3,
        0.7,
      )
    );
  const tips = spread.map((angle) => ({
    angle,
    x: 200 + Math.sin(angle) * roll.int(52, 84),
    y: 236 - Math.cos(angle) * roll.int(52, 104),
  }));
  const stems = tips.map(({ x, y }) => `M200 240L${Math.round(x)} ${Math.round(y)}`).join("");
  const leaves = tips.map(({ angle, x, y }) =>
    kind === 2 ? leaf(x, y, angle * 1.3, 62, 30) : leaf(x, y + 20, angle * 0.8, 84, 24),
  );
  return (
    stroke(stems, paint.leafDark, 4) +
    path(leaves.filter((_, i) => i % 2 === 1).join(""), paint.leafDark) +
    path(leaves.filter((_, i) => i % 2 === 0).join(""), paint.leaf)
  );
}

function lamp({ paint, roll, words }: Pen): string {
  if (/pendant|ceiling|hanging|chandelier/.test(words)) {
    const dome = roll.pick(["M112 214a88 88 0 0 1 176 0z", "M160 128h80l48 88H112z"]);
    return (
      circle(200, 236, 110, GLOW, 0.7) +
      stroke("M200 0v132", paint.dark, 4) +
      path(dome, paint.main) +
      path(dome, BODY) +
      ellipse(200, 215, 88, 9, paint.light) +
      circle(200, 224, 15, paint.paper)
    );
  }
  const base = roll.pick([
    "M190 196h20v96q40 6 46 32H144q6-26 46-32z",
    "M200 196c64 40 50 128 22 128h-44c-28 0-42-88 22-128z",
  ]);
  const shade = roll.pick(["M158 96h84l36 106H122z", "M146 110h108v92H146z", "M122 202a78 96 0 0 1 156 0z"]);
  return (
    circle(200, 180, 130, GLOW, 0.6) +
    path(base, paint.wood) +
    path(base, BODY) +
    path(shade, paint.main) +
    path(shade, FALL, 0.5) +
    path(shade, GLOW, 0.5)
  );
}

function candle({ paint, roll }: Pen): string {
  const heights = roll.pick([[150], [120, 168], [176, 128]]);
  const width = heights.length === 1 ? 96 : 46;
  const sticks = heights.map((height, i) => {
    const x = 200 + (i - (heights.length - 1) / 2) * (width + 16);
    const top = 322 - height;
    return (
      circle(x, top - 26, 54, GLOW, 0.6) +
      stroke(`M${x} ${top}v-14`, paint.dark, 3) +
      path(`M${x} ${top - 52}q20 24 0 42q-20-18 0-42z`, "#ffc65c") +
      rect(x - width / 2, top, width, height, 8, i % 2 === 0 ? paint.main : paint.light) +
      rect(x - width / 2, top, width, height, 8, BODY)
    );
  });
  return sticks.join("") + (heights.length === 1 ? rect(164, 232, 72, 50, 3, paint.paper) : "");
}

function seat({ paint, roll, words }: Pen): string {
  const legs = stroke(
    roll.pick(["M140 262l-18 62m138-62l18 62m-114-62l-6 56m78-56l6 56", "M138 262v62m124-62v62m-92-62v52m60-52v52"]),
    paint.woodDark,
    9,
  );
  if (/sofa|couch|armchair|loveseat/.test(words)) {
    return (
      stroke("M120 300v24m160-24v24", paint.woodDark, 10) +
      rect(108, 142, 184, 120, 26, paint.dark) +
      rect(84, 204, 232, 104, 28, paint.main) +
      rect(84, 204, 232, 104, 28, BODY) +
      rect(122, 216, 156, 46, 16, paint.light) +
      rect(218, 166, 54, 54, 10, paint.accent)
    );
  }
  if (/table|desk|bench|shelf|shelves|cabinet|sideboard|nightstand|drawer/.test(words)) {
    return (
      stroke("M108 216l-14 108m198-108l14 108", paint.woodDark, 11) +
      rect(84, 196, 232, 22, 5, paint.wood) +
      rect(120, 218, 160, 40, 3, paint.woodDark) +
      circle(200, 238, 5, paint.accent) +
      rect(228, 142, 42, 54, 8, paint.main) +
      path(leaf(249, 146, 0.3, 62, 16) + leaf(249, 146, -0.5, 50, 14), paint.leaf) +
      rect(124, 178, 74, 18, 3, paint.accent)
    );
  }
  if (/stool|ottoman|pouf/.test(words))
    return legs + rect(112, 224, 176, 42, 18, paint.main) + rect(112, 224, 176, 42, 18, BODY);
  const spindles = roll.pick([
    "M172 118v110m28-114v114m28-110v110",
    "M146 152h108m-110 36h112",
    "M160 120l80 106m0-106l-80 106",
  ]);
  return (
    legs +
    stroke("M146 232l-8-118m116 118l8-118", paint.wood, 10) +
    stroke(spindles, paint.wood, 6) +
    path("M128 108q72-26 144 0v24q-72-22-144 0z", paint.woodDark) +
    rect(118, 226, 164, 38, 14, paint.main) +
    rect(118, 226, 164, 38, 14, BODY)
  );
}

/** Cushions, and what is folded: throws, towels, bed linen. */
function textile({ paint, roll, words }: Pen): string {
  if (/cushion|pillow/.test(words)) {
    const shape = "M112 130q88 22 176 0-20 94 0 190-88-22-176 0 20-96 0-190z";
    const pattern = roll.pick([
      stroke("M118 176h164m-162 48h160m-162 48h164", paint.light, 10, 0.8),
      path("M200 158l58 66-58 66-58-66z", paint.light),
      circle(200, 224, 52, paint.accent) + circle(200, 224, 26, paint.main),
    ]);
    return path(shape, paint.main) + pattern + path(shape, BODY);
  }
  const folds = [paint.main, paint.light, paint.dark, paint.accent].slice(0, roll.int(3, 4));
  const stitches = folds.map((_, i) => `M126 ${298 - i * 48}h150`).join("");
  const stack = folds.map((colour, i) => rect(104 + (i % 2) * 6, 274 - i * 48, 188, 46, 21, colour));
  return (
    stack.join("") +
    stroke(stitches, paint.paper, 3, 0.5) +
    rect(104, 274 - (folds.length - 1) * 48, 194, folds.length * 48, 21, BODY, 0.7)
  );
}

export const HOME: readonly Motif[] = [
  {
    name: "plant",
    nouns:
      /\b(plants?|cactus|cacti|ferns?|succulents?|monsteras?|ivy|aloe|palms?|bonsai|herbs?|seeds?|planters?|flowers?|bouquets?|trees?|bulbs?|mandrakes?|pothos|philodendrons?|orchids?|ficus|calatheas?)\b/,
    draw: plant,
  },
  { name: "candle", nouns: /\b(candles?|tealights?|incense|wax)\b/, draw: candle },
  { name: "lamp", nouns: /\b(lamps?|lanterns?|lights?|lampshades?|chandeliers?)\b/, draw: lamp },
  {
    name: "seat",
    nouns:
      /\b(chairs?|stools?|sofas?|couch|armchairs?|tables?|desks?|bench|benches|shelf|shelves|cabinets?|ottomans?|nightstands?|furniture|drawers?)\b/,
    draw: seat,
  },
  {
    name: "textile",
    nouns:
      /\b(blankets?|cushions?|pillows?|throws?|towels?|rugs?|linens?|sheets?|duvets?|quilts?|carpets?|scarf|scarves|socks?|napkins?|tablecloths?|bedding)\b/,
    draw: textile,
  },
];
