import type { Paint } from "./paint";
import type { Dice } from "./random";

/** What a drawing is made with. `words` are the product's, in lower case, to choose a shape by; they are never drawn. */
export interface Pen {
  paint: Paint;
  roll: Dice;
  words: string;
}

/** One kind of thing that can be drawn. */
export interface Motif {
  name: string;
  /** Nouns that mean it. */
  nouns: RegExp;
  /** Drawn against a night sky, whatever the shop's own colours. */
  night?: boolean;
  /** Hangs or floats: no ground below it. */
  floating?: boolean;
  draw: (pen: Pen) => string;
}
