import type { Paint } from "./paint";
import { dice, type Dice } from "./random";
import { circle, ellipse, FALL, GLOW, path, rect, sky, sparkle } from "./shapes";

/** What is behind the thing: a sky, one large quiet shape, and stars by night. `standing` things have a ground and a shadow. */
export function backdrop(paint: Paint, roll: Dice, standing: boolean): string {
  const shape = roll.pick(SHAPES)(paint, roll);
  const floor = standing ? rect(0, 306, 400, 94, 0, paint.ground) + ellipse(200, 326, 92, 13, "#000", 0.2) : "";
  return sky(paint.sky) + shape + (paint.night ? stars(paint, roll) : "") + floor;
}

const HILLS = [
  "M0 262q84-88 220-20t180-18V400H0z",
  "M0 262q104-64 220-20t180-18V400H0z",
  "M0 262q124-82 220-20t180-18V400H0z",
];

const SHAPES: readonly Shape[] = [
  (paint) => circle(200, 190, 138, paint.back) + circle(200, 190, 138, GLOW, 0.28),
  (paint) => path("M82 400V188a118 118 0 0 1 236 0V400z", paint.back),
  (paint, roll) => {
    const x = roll.pick([140, 200, 270]);
    return circle(x, 118, 42, paint.back) + path(roll.pick(HILLS), paint.back);
  },
  (paint, roll) => {
    const x = roll.pick([240, 265, 290]);
    return (
      circle(x, 108, 84, paint.back) +
      (paint.night ? circle(x - 30, 94, 76, paint.sky) : circle(x, 108, 58, paint.sky, 0.35))
    );
  },
  (paint) => path("M0 400L400 60V400z", paint.back) + rect(0, 0, 400, 400, 0, FALL, 0.5),
  (paint) => rect(70, 52, 260, 400, 14, paint.back) + rect(70, 52, 260, 400, 14, FALL, 0.35),
];
type Shape = (paint: Paint, roll: Dice) => string;

/** A few skies only, so that the drawings of a page share them. */
const SKIES = Array.from({ length: 4 }, (_, night) => {
  const roll = dice(`sky ${night}`);
  return Array.from({ length: 4 }, () => sparkle(roll.int(20, 380), roll.int(16, 250), roll.int(3, 8))).join("");
});

const stars = (paint: Paint, roll: Dice): string => path(roll.pick(SKIES), paint.light, 0.7);
