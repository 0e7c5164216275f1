import type { Motif, Pen } from "./motif";
import { BODY, circle, ellipse, path, rect, sparkle, stroke } from "./shapes";

function robe({ paint, roll }: Pen): string {
  const shape = "M200 76c-34 0-52 30-54 66l-22 22-26 146q102 30 204 0l-26-146-22-22c-2-36-20-66-54-66z";
  const hem = roll.pick([
    path(
      [
        [128, 288],
        [164, 300],
        [236, 300],
        [272, 288],
        [150, 252],
        [250, 252],
      ]
        .map(([x, y]) => sparkle(x ?? 0, y ?? 0, 9))
        .join(""),
      paint.accent,
    ),
    stroke("M103 288q97 28 194 0", paint.accent, 6),
    path("M98 310l4-24q98 28 196 0l4 24q-102 30-204 0z", paint.accent, 0.85),
  ]);
  return (
    path(shape, paint.main) +
    path("M200 172l-26 148q26 4 52 0z", paint.dark) +
    hem +
    path(shape, BODY) +
    path("M200 98c-24 0-34 26-34 50l34 26 34-26c0-24-10-50-34-50z", paint.dark) +
    circle(200, 172, 10, paint.accent)
  );
}

function shirt({ paint, roll, words }: Pen): string {
  const long = /jumper|sweater|jacket|coat|hoodie|blouse|cardigan|long|shirt(?!.*tee)|varsity|knit/.test(words);
  const bare = /tank|camisole|sleeveless|vest\b/.test(words);
  const sleeves = long
    ? "M152 104l-44 28-26 162 38 8 26-120m102-78l44 28 26 162-38 8-26-120"
    : "M152 104l-58 44 22 44 34-22m98-66l58 44-22 44-34-22";
  const body = "M152 104l26-10q22 26 44 0l26 10 12 58-4 158H144l-4-158z";
  const pattern = roll.pick([
    stroke("M146 190h108m-108 34h108m-108 34h108m-108 34h108", paint.light, 9, 0.7),
    stroke("M200 112v206", paint.dark, 2.5) +
      [140, 176, 212, 248, 284].map((y) => circle(200, y, 5, paint.light)).join(""),
    path(
      [
        [168, 180],
        [216, 206],
        [172, 240],
        [228, 262],
        [186, 290],
        [232, 158],
      ]
        .map(([x, y]) => sparkle(x ?? 0, y ?? 0, 12))
        .join(""),
      paint.light,
      0.85,
    ),
    rect(212, 170, 30, 34, 4, paint.dark),
    stroke("M148 236l52-34 52 34", paint.light, 12, 0.8),
  ]);
  return (
    (bare ? "" : path(sleeves, paint.dark)) +
    path(body, paint.main) +
    pattern +
    path(body, BODY, 0.8) +
    stroke("M178 95q22 26 44 0", paint.light, 5)
  );
}

function trousers({ paint, roll }: Pen): string {
  const shape = roll.pick([
    "M146 92h108l24 228h-52l-26-146-26 146h-52z",
    "M146 92h108l10 112h-54l-10-40-10 40h-54z",
    "M150 96h100l48 214q-98 26-196 0z",
  ]);
  return (
    path(shape, paint.main) +
    stroke("M200 108v56m-44-30q14 18 30 4m58-4q-14 18-30 4", paint.dark, 3.5) +
    path(shape, BODY) +
    rect(146, 90, 108, 16, 4, paint.dark)
  );
}

function hat({ paint, roll, words }: Pen): string {
  if (/beanie|cap\b|bobble|knit/.test(words)) {
    return (
      path("M104 250c0-128 192-128 192 0z", paint.main) +
      stroke("M150 168v70m50-84v84m50-70v70", paint.dark, 5, 0.5) +
      path("M104 250c0-128 192-128 192 0z", BODY) +
      rect(96, 240, 208, 48, 18, paint.light) +
      circle(200, 138, 28, paint.accent)
    );
  }
  const cone = roll.pick([
    "M128 290c30-60 40-130 62-196q8-22 42-18-18 10-14 34c12 66 24 120 54 180z",
    "M128 290q50-90 48-196 40 14 92 8-26 12-34 40 8 90 38 148z",
  ]);
  return (
    ellipse(200, 292, 128, 30, paint.dark) +
    path(cone, paint.main) +
    path(sparkle(190, 190, 15) + sparkle(222, 236, 10) + sparkle(172, 238, 8), paint.accent) +
    path(cone, BODY) +
    path("M136 272q64 22 128 0l8 20q-72 22-144 0z", paint.accent)
  );
}

function shoe({ paint, roll, words }: Pen): string {
  const boot = /boot|wellington/.test(words) || roll.int(0, 2) === 0;
  const upper = boot ? "M130 106h84v120q50 6 84 40 14 14 10 40H130z" : "M92 226q52 26 76-30 28 40 74 48 62 6 66 62H92z";
  return (
    path(upper, paint.main) +
    path(upper, BODY) +
    stroke(boot ? "M170 140h44m-44 28h44m-44 28h44" : "M172 222l26-14m-12 30l28-16m-12 30l28-16", paint.light, 6) +
    rect(86, 300, 226, 22, 9, paint.paper) +
    (boot ? rect(126, 100, 92, 18, 6, paint.dark) : "")
  );
}

function bag({ paint, roll }: Pen): string {
  const body = roll.pick([
    "M112 176h176l18 130q2 18-16 18H110q-18 0-16-18z",
    "M124 152q76-22 152 0l14 152q0 20-20 20H130q-20 0-20-20z",
  ]);
  const front = roll.pick([
    path("M112 176h176l-20 62q-68 26-136 0z", paint.dark) + circle(200, 244, 10, paint.accent),
    rect(146, 232, 108, 70, 8, paint.dark) + rect(190, 226, 20, 22, 4, paint.accent),
    path(sparkle(200, 250, 34), paint.accent),
  ]);
  return stroke("M152 178c0-112 96-112 96 0", paint.dark, 11) + path(body, paint.main) + front + path(body, BODY);
}

function jewel({ paint, roll, words }: Pen): string {
  const stone = roll.pick([
    path("M200 218l34 40-34 58-34-58z", paint.main) + path("M200 218l34 40h-68z", paint.light),
    circle(200, 262, 38, paint.main) + path(sparkle(200, 262, 28), paint.light),
    path("M200 306c-64-44-36-92 0-62 36-30 64 18 0 62z", paint.main),
  ]);
  if (/\brings?\b|bracelet|bangle/.test(words)) {
    return (
      `<circle cx="200" cy="228" r="78" fill="none" stroke="${paint.accent}" stroke-width="18"/>` +
      stroke("M138 190q18-32 50-38", "#fff", 5, 0.6) +
      path("M200 82l44 34-44 52-44-52z", paint.main) +
      path("M200 82l44 34h-88z", paint.light)
    );
  }
  return stroke("M104 84q-6 134 96 138 102-4 96-138", paint.accent, 5) + circle(200, 222, 8, paint.accent) + stone;
}

export const WEAR: readonly Motif[] = [
  { name: "robe", nouns: /\b(robes?|cloaks?|capes?|gowns?|kimonos?|ponchos?|shawls?)\b/, draw: robe },
  { name: "hat", nouns: /\b(hats?|caps?|beanies?|bonnets?|hoods?)\b/, draw: hat },
  {
    name: "trousers",
    nouns: /\b(trousers|pants|jeans|shorts|skirts?|leggings|chinos|dress|dresses)\b/,
    draw: trousers,
  },
  {
    name: "shirt",
    nouns:
      /\b(shirts?|tops?|tees?|t-shirts?|blouses?|jumpers?|sweaters?|jackets?|coats?|hoodies?|cardigans?|vests?|sweatshirts?|camisoles?|tanks?|clothing|apparel)\b/,
    draw: shirt,
  },
  { name: "shoe", nouns: /\b(shoes?|boots?|sneakers?|trainers?|sandals?|slippers?)\b/, draw: shoe },
  { name: "bag", nouns: /\b(bags?|totes?|satchels?|backpacks?|purses?|pouch|pouches|holsters?|wallets?)\b/, draw: bag },
  {
    name: "jewel",
    nouns:
      /\b(rings?|necklaces?|amulets?|pendants?|bracelets?|brooch|brooches|earrings?|talismans?|charms?|medallions?|lockets?|bangles?|jewellery|jewelry)\b/,
    draw: jewel,
  },
];
