import type { Paint } from "./paint";
import type { Dice } from "./random";
import { circle, ellipse, FALL, GLOW, path, rect, sparkle } from "./shapes";

/** What is behind the thing: a sky, one large quiet shape, and stars by night. `standing` things have a ground and a shadow. */
export function backdrop(paint: Paint, roll: Dice, standing: boolean): string {
  const shape = roll.pick(SHAPES)(paint, roll);
  const floor = standing ? rect(0, 306, 400, 94, 0, paint.ground) + ellipse(200, 326, 92, 13, "#000", 0.2) : "";
  return rect(0, 0, 400, 400, 0, paint.sky) + shape + (paint.night ? stars(paint, roll) : "") + floor;
}

const SHAPES: readonly Shape[] = [
  (paint) => circle(200, 190, 138, paint.back) + circle(200, 190, 138, GLOW, 0.28),
  (paint) => path("M82 400V188a118 118 0 0 1 236 0V400z", paint.back),
  (paint, roll) => {
    const x = roll.int(120, 290);
    return (
      circle(x, 118, 42, paint.back) +
      path(`M0 262q${roll.int(70, 130)}-${roll.int(50, 90)} 220-20t180-18V400H0z`, paint.back)
    );
  },
  (paint, roll) => {
    const x = roll.int(230, 300);
    return (
      circle(x, 108, 84, paint.back) +
      (paint.night ? circle(x - 30, 94, 76, paint.sky) : circle(x, 108, 58, paint.sky, 0.35))
    );
  },
  (paint) => path("M0 400L400 60V400z", paint.back) + rect(0, 0, 400, 400, 0, FALL, 0.5),
  (paint) => rect(70, 52, 260, 400, 14, paint.back) + rect(70, 52, 260, 400, 14, FALL, 0.35),
];
type Shape = (paint: Paint, roll: Dice) => string;

function stars(paint: Paint, roll: Dice): string {
  const few = Array.from({ length: 4 }, () => sparkle(roll.int(20, 380), roll.int(16, 250), roll.int(3, 8)));
  return path(few.join(""), paint.light, 0.7);
}
