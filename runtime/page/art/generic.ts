import type { Motif, Pen } from "./motif";
import { BODY, circle, path, rect } from "./shapes";

/** A shape in its colour, with the light on it. */
const solid = (shape: (fill: string) => string, colour: string): string => shape(colour) + shape(BODY);

/** A still life of solids: what is drawn when nobody can say what the product is. */
function stillLife({ paint, roll }: Pen): string {
  const arch = solid(
    (fill) => path("M104 324V196a58 58 0 0 1 116 0v128h-34V200a24 24 0 0 0-48 0v124z", fill),
    paint.light,
  );
  const column = solid((fill) => rect(232, 196, 62, 128, 4, fill), paint.main);
  const ball = (x: number, y: number, r: number): string => solid((fill) => circle(x, y, r, fill), paint.accent);
  const cone = (x: number, y: number): string =>
    solid((fill) => path(`M${x} ${y - 92}l40 92q-40 12-80 0z`, fill), paint.dark);
  const step = solid((fill) => rect(120, 262, 160, 62, 4, fill), paint.light);
  return roll.pick([
    arch + column + ball(263, 158, 38) + cone(196, 324),
    step + ball(176, 214, 48) + cone(244, 264),
    column + ball(150, 264, 60) + cone(263, 198),
    step + solid((fill) => rect(160, 172, 80, 92, 4, fill), paint.main) + ball(200, 134, 38),
    arch + ball(162, 112, 27) + column + cone(263, 198),
  ]);
}

export const GENERIC: Motif = { name: "still life", nouns: /(?!)/, draw: stillLife };
