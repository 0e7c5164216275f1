import type { Motif, Pen } from "./motif";
import { BODY, circle, ellipse, GLOW, path, rect, sparkle, stroke, turned } from "./shapes";

const SHAFTS = [
  "M196 66h8l7 184h-22z",
  "M196 66q4-3 8 0q9 46 0 86t9 98h-26q12-56 3-98t6-86z",
  "M196 66h8l2 34 5 6-3 8 3 40 5 7-4 9 4 80h-24l3-60-5-8 5-8-1-54-5-7 4-8z",
] as const;

/** A wand held up, with light at its tip. */
function wand({ paint, roll }: Pen): string {
  const shaft = roll.pick(SHAFTS);
  const handle = roll.pick([
    rect(187, 246, 26, 84, 11, paint.woodDark) +
      [258, 276, 294].map((y) => rect(184, y, 32, 6, 3, paint.accent)).join(""),
    path("M190 248c-22 26-4 52-4 84h28c0-32 18-58-4-84z", paint.woodDark) + rect(184, 242, 32, 9, 4, paint.accent),
    rect(188, 246, 24, 80, 8, paint.woodDark) +
      stroke("M188 264l24-10m-24 28l24-10m-24 28l24-10m-24 28l24-10", paint.accent, 4) +
      circle(200, 334, 15, paint.accent),
    path("M188 248h24l6 78q-18 16-36 0z", paint.woodDark) + path("M200 268l11 17-11 17-11-17z", paint.accent),
  ]);
  const trail = stroke(
    roll.pick([
      "M200 62c48-34 92 4 66 40s-84 10-62-18",
      "M200 62c-20-44 40-60 62-26s70 20 84-8",
      "M200 62c-58-24-94 26-62 56s74-10 50-32",
    ]),
    paint.accent,
    2.5,
    0.6,
  );
  const sparks =
    sparkle(200, 60, 26) +
    sparkle(248, 88, 10) +
    sparkle(158, 44, 12) +
    sparkle(232, roll.pick([22, 30, 38]), 7) +
    sparkle(168, 104, 6);
  const all =
    circle(200, 60, 92, GLOW, 0.65) +
    trail +
    path(shaft, paint.wood) +
    stroke("M198 80l-2 160", "#fff", 2, 0.35) +
    handle +
    path(sparks, paint.accent);
  return turned(roll.pick([38, -36, 30, -44, 46]), all, 200, 205);
}

/** A ball of glass on a stand, or a group of crystals. */
function orb({ paint, roll, words }: Pen): string {
  if (/crystal(?! ball)|gem|quartz|amethyst|stone|geode/.test(words)) {
    const lean = roll.int(-8, 8);
    return (
      circle(200, 210, 130, GLOW, 0.45) +
      turned(
        lean,
        path("M200 84l34 54v182h-68V138z", paint.main) +
          path("M200 84l34 54v182h-26l-8-176z", paint.dark, 0.65) +
          path("M200 84l-34 54 34 6 34-6z", paint.light),
      ) +
      path("M150 322l-36-20 6-84 26-32 24 34 6 102z", paint.dark) +
      path("M146 186l24 34-24 8-26-10z", paint.light, 0.8) +
      path("M228 322l8-84 24-28 26 34-8 78z", paint.main) +
      path("M260 210l26 34-26 6-24-12z", paint.light, 0.8)
    );
  }
  return (
    path("M148 322l18-44h68l18 44q-52 14-104 0z", paint.woodDark) +
    rect(158, 270, 84, 14, 7, paint.accent) +
    circle(200, 190, 92, paint.main) +
    circle(200, 190, 92, BODY) +
    circle(200, 176, 70, GLOW, 0.7) +
    path(`M124 214q38-${roll.pick([28, 38, 48])} 76-6t76-10q-4 70-76 76-62-4-76-60z`, paint.dark, 0.5) +
    path(sparkle(206, 172, 22) + sparkle(164, 150, 9) + sparkle(238, 206, 8), "#fff", 0.9) +
    stroke("M142 152q12-26 38-36", "#fff", 5, 0.7)
  );
}

function cauldron({ paint, roll }: Pen): string {
  const bubbles = Array.from({ length: 4 }, (_, i) =>
    circle(150 + i * 32 + roll.int(-8, 8), roll.int(70, 132), roll.int(6, 15), paint.accent, 0.75),
  );
  return (
    circle(200, 130, 110, GLOW, 0.4) +
    bubbles.join("") +
    path("M146 300l-16 26h22l14-22zm108 0l16 26h-22l-14-22z", paint.ground) +
    path("M116 170c-44 60-16 144 84 144s128-84 84-144z", paint.dark) +
    path("M116 170c-44 60-16 144 84 144s128-84 84-144z", BODY) +
    ellipse(200, 168, 98, 22, paint.dark) +
    ellipse(200, 166, 84, 15, paint.accent) +
    path("M122 170q26 8 34 30t22 2 24 24 20-34 26-6 28-20q-70 22-154 4z", paint.accent)
  );
}

function broom({ paint, roll }: Pen): string {
  const bristles = [-40, -24, -8, 8, 24, 40].map((x) => `M200 250q${x * 0.4} 40 ${x} 92`).join("");
  return turned(
    roll.pick([52, -50, 44]),
    stroke("M200 40q8 90 0 200", paint.wood, 13) +
      stroke("M198 48q6 90 0 180", "#fff", 2, 0.35) +
      path("M186 236c-52 34-44 82-50 116q64 22 128 0c-6-34 2-82-50-116z", paint.main) +
      stroke(bristles, paint.dark, 3, 0.8) +
      rect(180, 232, 40, 10, 5, paint.accent) +
      rect(174, 250, 52, 10, 5, paint.accent),
  );
}

export const MAGIC: readonly Motif[] = [
  { name: "wand", nouns: /\b(wands?|sceptres?|staffs?|staves)\b/, night: true, floating: true, draw: wand },
  {
    name: "orb",
    nouns: /\b(orbs?|crystals?|crystal balls?|globes?|gems?|quartz|geodes?|palant\w*|prophec\w*)\b/,
    night: true,
    draw: orb,
  },
  { name: "cauldron", nouns: /\b(cauldrons?|kettledrums?)\b/, night: true, draw: cauldron },
  { name: "broom", nouns: /\b(brooms?|broomsticks?|brush|brushes)\b/, floating: true, draw: broom },
];
