import type { Motif, Pen } from "./motif";
import { BODY, circle, FALL, leaf, path, rect, sparkle, stroke, turned } from "./shapes";

function book({ paint, roll, words }: Pen): string {
  const emblem = /herb|plant|garden|botan|leaf/.test(words)
    ? path(leaf(206, 250, 0, 92, 26) + leaf(206, 244, 0.9, 58, 16) + leaf(206, 244, -0.9, 58, 16), paint.accent)
    : roll.pick([
        path(sparkle(206, 198, 44) + sparkle(168, 148, 12) + sparkle(246, 252, 12), paint.accent),
        circle(206, 200, 40, paint.accent) + circle(222, 190, 34, paint.main),
        path("M206 146l34 54-34 54-34-54z", paint.accent) + path("M206 168l20 32-20 32-20-32z", paint.main),
        stroke("M206 146v108m-46-54h92m-78-34l64 68m0-68l-64 68", paint.accent, 6) + circle(206, 200, 20, paint.accent),
      ]);
  const whole =
    rect(122, 92, 172, 232, 8, paint.dark) +
    rect(132, 300, 158, 18, 3, paint.paper) +
    stroke("M140 309h146", paint.metal, 2) +
    rect(122, 84, 168, 222, 8, paint.main) +
    rect(122, 84, 20, 222, 6, paint.dark) +
    `<rect x="154" y="98" width="122" height="194" rx="4" fill="none" stroke="${paint.accent}" stroke-width="3" opacity=".7"/>` +
    emblem +
    rect(122, 84, 168, 222, 8, FALL, 0.5) +
    path("M250 306v40l10-9 10 9v-40z", paint.accent);
  return turned(roll.int(-7, 7), whole);
}

/** A sheet in a roll: scrolls, maps, parchment. */
function scroll({ paint, roll }: Pen): string {
  const mark = roll.pick([
    stroke("M160 160h84m-84 26h70m-70 26h84m-84 26h48", paint.woodDark, 5, 0.7),
    stroke("M156 240q20-60 48-40t46-44", paint.dark, 5, 0.8) + stroke("M240 146l16 16m0-16l-16 16", paint.main, 6),
  ]);
  return turned(
    roll.int(-9, 9),
    rect(136, 104, 128, 200, 0, paint.paper) +
      mark +
      [96, 288]
        .map(
          (y) =>
            stroke(`M114 ${y + 15}h172`, paint.wood, 20) +
            rect(116, y, 168, 30, 15, paint.light) +
            rect(116, y + 14, 168, 16, 8, "#000", 0.12),
        )
        .join("") +
      circle(238, 282, 18, paint.main),
  );
}

/** A framed print. */
function print({ paint, roll }: Pen): string {
  const x = roll.int(150, 240);
  const art = roll.pick([
    circle(x, 168, 34, paint.accent) +
      path("M128 250q40-60 76-16t68-24v72H128z", paint.main) +
      path("M128 274q60-40 144-6v14H128z", paint.dark),
    path("M128 282a72 72 0 0 1 144 0z", paint.main) +
      path("M156 282a44 44 0 0 1 88 0z", paint.accent) +
      circle(x, 160, 22, paint.dark),
    path(leaf(200, 278, 0, 140, 40) + leaf(200, 278, 0.8, 90, 26) + leaf(200, 278, -0.8, 90, 26), paint.main),
  ]);
  return (
    rect(104, 78, 192, 238, 3, paint.wood) +
    rect(114, 88, 172, 218, 0, paint.paper) +
    rect(128, 104, 144, 178, 0, paint.sky) +
    art +
    rect(104, 78, 192, 238, 3, BODY, 0.5)
  );
}

/** A box with a ribbon: sets, kits and gifts. */
function box({ paint, roll }: Pen): string {
  const w = roll.int(150, 200);
  const [x, top] = [200 - w / 2, roll.int(150, 190)];
  return (
    rect(x, top, w, 324 - top, 6, paint.main) +
    rect(186, top, 28, 324 - top, 0, paint.accent) +
    rect(x, top, w, 324 - top, 6, BODY) +
    rect(x - 10, top - 30, w + 20, 42, 6, paint.light) +
    rect(184, top - 30, 32, 42, 0, paint.accent) +
    rect(x - 10, top - 30, w + 20, 42, 6, BODY) +
    path(`M200 ${top - 30}c-70 6-82-52-44-56s44 36 44 56c0-20 6-60 44-56s26 62-44 56z`, paint.accent) +
    circle(200, top - 32, 11, paint.dark)
  );
}

export const PAPER: readonly Motif[] = [
  {
    name: "book",
    nouns:
      /\b(books?|tomes?|grimoires?|journals?|notebooks?|diar(?:y|ies)|guides?|manuals?|almanacs?|novels?|spellbooks?|cookbooks?)\b/,
    draw: book,
  },
  { name: "scroll", nouns: /\b(scrolls?|maps?|parchments?|letters?|charts?|certificates?)\b/, draw: scroll },
  {
    name: "print",
    nouns: /\b(prints?|posters?|paintings?|frames?|mirrors?|cards?|portraits?|canvas|wall art)\b/,
    draw: print,
  },
  {
    name: "box",
    nouns:
      /\b(box|boxes|kits?|sets?|gifts?|bundles?|hampers?|crates?|chests?|vouchers?|samplers?|collections?|selections?)\b/,
    draw: box,
  },
];
