/** SVG shapes as text, short. They take numbers and colours of our own making only, never words of a product. */

const n = (value: number): string => String(Math.round(value * 10) / 10);

/** One attribute; zero is the default of every number here, so it is left out. */
const number = (name: string, value: number): string => (value === 0 ? "" : ` ${name}="${n(value)}"`);
const faint = (opacity: number): string =>
  opacity < 1 ? ` opacity="${String(Math.round(opacity * 100) / 100).replace("0.", ".")}"` : "";
const short = (d: string): string => d.replaceAll(" -", "-");

export const path = (d: string, fill: string, opacity = 1): string =>
  `<path d="${short(d)}" fill="${fill}"${faint(opacity)}/>`;

/** A line; its ends are round, as the drawing's root says. */
export const stroke = (d: string, colour: string, width: number, opacity = 1): string =>
  `<path d="${short(d)}" fill="none" stroke="${colour}"${number("stroke-width", width)}${faint(opacity)}/>`;

export const circle = (x: number, y: number, r: number, fill: string, opacity = 1): string =>
  `<circle${number("cx", x)}${number("cy", y)}${number("r", r)} fill="${fill}"${faint(opacity)}/>`;

export const ellipse = (x: number, y: number, rx: number, ry: number, fill: string, opacity = 1): string =>
  `<ellipse${number("cx", x)}${number("cy", y)}${number("rx", rx)}${number("ry", ry)} fill="${fill}"${faint(opacity)}/>`;

export const rect = (x: number, y: number, w: number, h: number, r: number, fill: string, opacity = 1): string =>
  `<rect${number("x", x)}${number("y", y)}${number("width", w)}${number("height", h)}${number("rx", r)} fill="${fill}"${faint(opacity)}/>`;

/** Turned by `degrees` about a point, the middle of the picture by default. */
export const turned = (degrees: number, shapes: string, x = 200, y = 200): string =>
  `<g transform="rotate(${n(degrees)} ${n(x)} ${n(y)})">${shapes}</g>`;

/** Outline of a four-pointed sparkle, for `path`; several may share one `d`. */
export function sparkle(x: number, y: number, r: number): string {
  const [a, b] = [n(r), n(-r)];
  return `M${n(x)} ${n(y - r)}q0 ${a} ${a} ${a} ${b} 0 ${b} ${a} 0 ${b} ${b} ${b} ${a} 0 ${a} ${b}z`;
}

const point = (x: number, y: number): string => `${Math.round(x)} ${Math.round(y)}`;

/** A leaf from its foot to its tip, `angle` in radians from upright; `width` is how far it bulges. */
export function leaf(x: number, y: number, angle: number, length: number, width: number): string {
  const [dx, dy] = [Math.sin(angle) * length, -Math.cos(angle) * length];
  const [px, py] = [Math.cos(angle) * width, Math.sin(angle) * width];
  const there = `${point(dx * 0.45 + px, dy * 0.45 + py)} ${point(dx, dy)}`;
  const back = `${point(-dx * 0.55 - px, -dy * 0.55 - py)} ${point(-dx, -dy)}`;
  return `M${point(x, y)}q${there} ${back}z`;
}

/** Behind everything, and the id it has in `sharedPaint`. */
export const SKY = "ws";
export const sky = (fill: string): string => `<use href="#${SKY}" fill="${fill}"/>`;

/** Paints that every drawing shares: light from the left over a body, a glow, a shade that falls. See `sharedPaint`. */
export const BODY = "url(#wb)";
export const GLOW = "url(#wg)";
export const FALL = "url(#wf)";
