import type { Product } from "../../contract/product";
import { html, trusted, type Html } from "../html";
import type { Palette } from "../style/tokens";
import { backdrop } from "./backdrop";
import { choose } from "./choose";
import { paintOf } from "./paint";
import { dice } from "./random";

/**
 * A drawing for a product without a picture: inline SVG, the same for the same product and brand. It has no id and no style,
 * and no word of the product but its label; its paints are the page's `sharedPaint`.
 */
export function drawProduct(product: Product, palette: Palette): Html {
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
  const shapes = backdrop(paint, roll, motif.floating !== true) + motif.draw({ paint, roll, words });
  const box = trusted(`viewBox="0 0 400 400" preserveAspectRatio="xMidYMid slice" stroke-linecap="round"`);
  return html`<svg class="art" role="img" aria-label="Drawing of ${product.title}" ${box}>${trusted(shapes)}</svg>`;
}

const stop = (at: number, colour: string, opacity: number): string =>
  `<stop offset="${at}" stop-color="${colour}" stop-opacity="${opacity}"/>`;

/** The gradients of all drawings, once per page. */
export function sharedPaint(palette: Palette): Html {
  const glow = palette.night ? palette.secondary : "#fff";
  return trusted(
    `<svg class="paint" aria-hidden="true"><linearGradient id="wand-body">${stop(0, "#fff", 0.22)}${stop(0.3, "#fff", 0.3)}${stop(0.5, "#fff", 0)}${stop(1, "#000", 0.3)}</linearGradient>` +
      `<linearGradient id="wand-fall" x2="0" y2="1">${stop(0, "#000", 0)}${stop(1, "#000", 0.3)}</linearGradient>` +
      `<radialGradient id="wand-glow">${stop(0, "#fff", 0.9)}${stop(0.35, glow, 0.4)}${stop(1, glow, 0)}</radialGradient></svg>`,
  );
}
