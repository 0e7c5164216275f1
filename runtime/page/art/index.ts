import type { Product } from "../../contract/product";
import { trusted, type Html } from "../html";
import type { Palette } from "../style/tokens";
import { backdrop } from "./backdrop";
import { choose } from "./choose";
import { paintOf } from "./paint";
import { dice } from "./random";
import { SKY } from "./shapes";
import { share, type Outlines } from "./shared";

export type { Outlines };

/** One product's drawing: its SVG element, and the outlines that the page has to hold for it. */
export interface Drawing {
  svg: Html;
  outlines: Outlines;
}

/**
 * A drawing for a product without a picture: inline SVG, the same for the same product and brand. It has no id, no style and
 * no word of the product. It says nothing that the product's title does not, so readers of screens pass it over.
 */
export function drawProduct(product: Product, palette: Palette): Drawing {
  const before = drawn.get(product);
  if (before?.palette === palette) return before.drawing;
  const drawing = draw(product, palette);
  drawn.set(product, { palette, drawing });
  return drawing;
}

/** The last drawing of each product; a product has one shop, so one palette. */
const drawn = new WeakMap<Product, { palette: Palette; drawing: Drawing }>();

function draw(product: Product, palette: Palette): Drawing {
  const motif = choose(product);
  const words = `${product.title} ${product.tags.join(" ")} ${product.category}`.toLowerCase();
  const roll = dice(product.id);
  const paint = paintOf(
    product.title.toLowerCase(),
    product.category,
    palette,
    palette.night || motif.night === true,
    roll,
  );
  const whole = backdrop(paint, roll, motif.floating !== true) + motif.draw({ paint, roll, words });
  const { shapes, outlines } = share(whole);
  const box = `viewBox="0 0 400 400" preserveAspectRatio="xMidYMid slice"`;
  return { svg: trusted(`<svg class="art" aria-hidden="true" ${box}>${shapes}</svg>`), outlines };
}

const stop = (at: number, colour: string, opacity: number): string =>
  `<stop offset="${at}" stop-color="${colour}" stop-opacity="${opacity}"/>`;

/** The gradients and outlines of all drawings, once per page. */
export function sharedPaint(palette: Palette, outlines: Outlines): Html {
  const glow = palette.night ? palette.secondary : "#fff";
  const paths = [...outlines].map(([id, outline]) => `${outline} id="${id}"/>`).join("");
  return trusted(
    `<svg class="paint" aria-hidden="true"><defs><linearGradient id="wb">${stop(0, "#fff", 0.22)}${stop(0.3, "#fff", 0.3)}${stop(0.5, "#fff", 0)}${stop(1, "#000", 0.3)}</linearGradient>` +
      `<linearGradient id="wf" x2="0" y2="1">${stop(0, "#000", 0)}${stop(1, "#000", 0.3)}</linearGradient>` +
      `<rect id="${SKY}" width="400" height="400"/><radialGradient id="wg">${stop(0, "#fff", 0.9)}${stop(0.35, glow, 0.4)}${stop(1, glow, 0)}</radialGradient>${paths}</defs></svg>`,
  );
}
