import type { Motif, Pen } from "./motif";
import { BODY, circle, ellipse, leaf, path, rect, sparkle, stroke } from "./shapes";

/** Glass outline, the liquid in it, and where the neck ends. */
const FLASKS = [
  ["M180 118v48a82 82 0 1 0 40 0v-48z", "M127 226q18-12 37 0t37 0 37 0 35 0a73 73 0 1 1-146 0z", 118],
  [
    "M178 112v56l-62 132q-8 22 16 22h136q24 0 16-22l-62-132v-56z",
    "M146 256q14-10 27 0t27 0 27 0 27 0l18 40q6 16-12 16H140q-18 0-12-16z",
    112,
  ],
  [
    "M180 104v40q-44 16-44 52v110q0 16 16 16h96q16 0 16-16V196q0-36-44-52v-40z",
    "M146 214q14-10 27 0t27 0 27 0 27 0v86q0 12-12 12h-84q-12 0-12-12z",
    104,
  ],
  [
    "M182 96v96l-30 16v98q0 16 16 16h64q16 0 16-16v-98l-30-16V96z",
    "M162 236q10-8 19 0t19 0 19 0 19 0v64q0 12-12 12h-52q-12 0-12-12z",
    96,
  ],
] as const;

function bottle({ paint, roll, words }: Pen): string {
  const [glass, liquid, top] = roll.pick(FLASKS);
  const magic = /potion|elixir|draught|philtre|tonic|brew/.test(words);
  const bubbles = [0, 1, 2].map((i) =>
    circle(176 + i * 24 + roll.int(-6, 6), roll.int(248, 296), roll.int(3, 7), paint.light, 0.8),
  );
  const label = magic
    ? path(sparkle(200, 274, 20), "#fff", 0.55)
    : rect(164, 246, 72, 46, 4, paint.paper) + stroke("M178 262h44m-36 14h28", paint.dark, 3, 0.7);
  const smoke = magic ? circle(214, top - 62, 9, paint.accent, 0.55) + circle(192, top - 86, 6, paint.accent, 0.4) : "";
  return (
    path(glass, "#fff", paint.night ? 0.2 : 0.6) +
    path(liquid, paint.main) +
    bubbles.join("") +
    path(glass, BODY, 0.7) +
    label +
    rect(176, top - 8, 48, 12, 5, paint.accent) +
    path(`M184 ${top - 6}l-3-34h38l-3 34z`, paint.wood) +
    smoke
  );
}

function cup({ paint, roll }: Pen): string {
  const [body, top, lip] = roll.pick([
    ["M122 168h146l-8 118q-2 30-32 30h-66q-30 0-32-30z", 168, 75],
    ["M112 176h166q4 112-54 136h-58q-58-24-54-136z", 176, 85],
    ["M132 150h126v146q0 20-20 20h-86q-20 0-20-20z", 150, 65],
  ] as const);
  const band = roll.pick([
    stroke(`M136 ${top + 48}h118`, paint.light, 9, 0.8),
    stroke(`M136 ${top + 40}q15 22 30 0t30 0 30 0 26 0`, paint.light, 5, 0.9),
    path(leaf(196, top + 104, 0.5, 62, 20) + leaf(196, top + 104, -0.6, 52, 18), paint.light, 0.85),
    "",
  ]);
  const steam = roll.pick([
    "M166 130q-16-22 0-44t0-40m36 84q-16-24 0-46t0-44m34 82q-14-20 0-38t0-34",
    "M180 128q-20-24 2-48t-2-46m38 90q-18-22 0-42t0-40",
  ]);
  return (
    stroke(`M262 ${top + 30}q52-6 46 40t-60 44`, paint.dark, 15) +
    path(body, paint.main) +
    path(body, BODY) +
    band +
    ellipse(195, top, lip, 13, paint.light) +
    ellipse(195, top + 2, lip - 10, 9, paint.woodDark) +
    stroke(steam, paint.night ? "#fff" : paint.dark, 5, 0.35) +
    rect(104, 314, 188, 12, 6, paint.light)
  );
}

function teapot({ paint, roll }: Pen): string {
  const body = roll.pick([
    "M118 232c0-62 34-84 82-84s82 22 82 84-34 90-82 90-82-28-82-90z",
    "M128 160h144l16 136q2 26-26 26H138q-28 0-26-26z",
  ]);
  return (
    stroke("M272 186q62-10 56 44t-56 56", paint.dark, 14) +
    path("M134 262q-58-10-66-84l-14-12q26-12 42 2 12 46 46 48z", paint.dark) +
    path(body, paint.main) +
    path(body, BODY) +
    path("M150 158q50-34 100 0z", paint.light) +
    circle(200, 130, 11, paint.accent) +
    path(leaf(200, 286, 0.55, 76, 24) + leaf(200, 286, -0.6, 62, 20), paint.light, 0.75)
  );
}

/** A tin with a label: tea, coffee, spices, sweets. */
function tin({ paint, roll }: Pen): string {
  const [w, top] = roll.pick([
    [116, 118],
    [140, 150],
    [100, 98],
  ] as const);
  const [x, height] = [200 - w / 2, 330 - top];
  const mid = (top + 330) / 2;
  const emblem = roll.pick([
    path(
      leaf(200, mid + 30, 0, 62, 18) + leaf(200, mid + 32, 0.9, 48, 14) + leaf(200, mid + 32, -0.9, 48, 14),
      paint.dark,
    ),
    circle(200, mid, 26, paint.accent) + path(leaf(200, mid + 20, 0.3, 42, 14), paint.paper),
    stroke(`M176 ${mid - 12}h48m-40 14h32m-24 14h16`, paint.dark, 4),
    path(sparkle(200, mid, 28), paint.accent),
  ]);
  return (
    rect(x, top, w, height, 10, paint.main) +
    rect(x + 6, mid - 46, w - 12, 92, roll.pick([4, 46]), paint.paper) +
    emblem +
    rect(x, top, w, height, 10, BODY) +
    rect(x - 5, top - 22, w + 10, 34, 8, paint.dark) +
    rect(x - 5, top - 22, w + 10, 34, 8, BODY) +
    rect(x - 5, top + 8, w + 10, 4, 2, paint.accent)
  );
}

/** Bowls, vases, pans and pots. */
function bowl({ paint, roll, words }: Pen): string {
  const shape = /vase|jug|pitcher|urn|carafe|decanter/.test(words)
    ? roll.pick([
        "M172 112h56q-10 40 30 84c38 46 16 128-20 128h-76c-36 0-58-82-20-128q40-44 30-84z",
        "M166 120h68l-10 50q46 30 40 92-4 62-40 62h-48q-36 0-40-62-6-62 40-92z",
      ])
    : /bowl|dish|plate|basin/.test(words)
      ? "M98 206h204q-4 116-72 118h-60q-68-2-72-118z"
      : "M116 176h168l-12 130q-2 18-20 18H148q-18 0-20-18z";
  const bands = roll.pick([
    stroke("M140 262q15 16 30 0t30 0 30 0 30 0", paint.light, 6, 0.9),
    stroke("M134 258h132", paint.light, 8, 0.8),
    path("M136 290h128v14H138z", paint.accent),
    "",
  ]);
  return path(shape, paint.main) + bands + path(shape, BODY);
}

export const VESSELS: readonly Motif[] = [
  {
    name: "potion",
    nouns: /\b(potions?|elixirs?|draughts?|philtres?|vials?|phials?|inks?)\b/,
    night: true,
    draw: bottle,
  },
  {
    name: "bottle",
    nouns:
      /\b(bottles?|flasks?|oils?|perfumes?|syrups?|wines?|lotions?|shampoos?|serums?|sprays?|tonics?|soaps?|gin)\b/,
    draw: bottle,
  },
  { name: "teapot", nouns: /\b(teapots?|kettles?|infusers?|coffee ?pots?|cafeti\w*|gaiwans?)\b/, draw: teapot },
  {
    name: "cup",
    nouns: /\b(cups?|mugs?|teacups?|tumblers?|goblets?|beakers?|saucers?|strainers?|glass|glasses)\b/,
    draw: cup,
  },
  {
    name: "tin",
    nouns:
      /\b(teas?|coffees?|tins?|cadd(?:y|ies)|canisters?|jars?|blends?|spices?|beans?|honey|sweets|chocolates?|matcha|sencha|oolong|assam|darjeeling|earl grey|chai|rooibos|chamomile|infusions?)\b/,
    draw: tin,
  },
  {
    name: "bowl",
    nouns:
      /\b(bowls?|vases?|jugs?|pitchers?|pans?|pots?|plates?|dishes|dish|carafes?|decanters?|basins?|urns?|mortars?)\b/,
    draw: bowl,
  },
];
