/** Pure colour arithmetic. Colours are `#rrggbb` strings; contrast is WCAG 2.1's, palettes are made in OKLCH. */

/** Lightness 0..1, chroma 0..~0.37, hue in degrees; https://bottosson.github.io/posts/oklab/. */
export interface Oklch {
  l: number;
  c: number;
  h: number;
}

type Triple = readonly [number, number, number];

const HEX = /^#[0-9a-f]{6}$/i;

/** The colour if it is `#RRGGBB`, in lower case, else `otherwise`: so that only colours get into CSS and SVG. */
export function asColour(value: string, otherwise: string): string {
  return HEX.test(value) ? value.toLowerCase() : otherwise;
}

function channels(hex: string): Triple {
  const value = Number.parseInt(hex.slice(1), 16);
  return [(value >> 16) / 255, ((value >> 8) & 255) / 255, (value & 255) / 255];
}

const toLinear = (v: number): number => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
const toGamma = (v: number): number => (v <= 0.0031308 ? v * 12.92 : 1.055 * v ** (1 / 2.4) - 0.055);

function toHex(rgb: Triple): string {
  return `#${rgb
    .map((v) =>
      Math.round(Math.min(1, Math.max(0, v)) * 255)
        .toString(16)
        .padStart(2, "0"),
    )
    .join("")}`;
}

/** Relative luminance 0..1 as WCAG 2.1 defines it. */
export function luminance(hex: string): number {
  const [r, g, b] = channels(hex).map(toLinear) as unknown as Triple;
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** Contrast ratio 1..21 of two colours (WCAG 2.1, 1.4.3). */
export function contrast(a: string, b: string): number {
  const [x, y] = [luminance(a) + 0.05, luminance(b) + 0.05];
  return Math.max(x, y) / Math.min(x, y);
}

/** `share` (0..1) of `b` in `a`, mixed as the browser mixes sRGB. */
export function mix(a: string, b: string, share: number): string {
  const [x, y] = [channels(a), channels(b)];
  return toHex([0, 1, 2].map((i) => (x[i] ?? 0) * (1 - share) + (y[i] ?? 0) * share) as unknown as Triple);
}

/** White or near-black: whichever reads better on `background`. */
export function inkOn(background: string): string {
  const [dark, light] = ["#14121a", "#ffffff"];
  return contrast(light, background) >= contrast(dark, background) ? light : dark;
}

/**
 * `colour` itself where it reaches `ratio` on every background, else the nearest step of it towards black or white that
 * does. 4.5 is WCAG 2.1 AA for text, 3 for large text and for the outlines of controls.
 */
export function readable(colour: string, backgrounds: readonly string[], ratio = 4.5): string {
  const worst = (candidate: string): number => Math.min(...backgrounds.map((b) => contrast(candidate, b)));
  const darkest = backgrounds.every((b) => luminance(b) > 0.18);
  const pole = darkest ? "#000000" : "#ffffff";
  for (let step = 0; step <= 20; step++) {
    const candidate = mix(colour, pole, step / 20);
    if (worst(candidate) >= ratio) return candidate;
  }
  return worst("#000000") >= worst("#ffffff") ? "#000000" : "#ffffff";
}

export function toOklch(hex: string): Oklch {
  const [r, g, b] = channels(hex).map(toLinear) as unknown as Triple;
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  const A = 1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s;
  const B = 0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s;
  return {
    l: 0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    c: Math.hypot(A, B),
    h: (Math.atan2(B, A) * 180) / Math.PI,
  };
}

/** The sRGB colour; chroma is lowered until the colour exists. */
export function fromOklch({ l, c, h }: Oklch): string {
  for (let chroma = c; ; chroma -= 0.01) {
    const rgb = linearOf({ l, c: Math.max(0, chroma), h });
    if (chroma <= 0 || rgb.every((v) => v >= -0.001 && v <= 1.001)) {
      return toHex(rgb.map((v) => toGamma(Math.max(0, v))) as unknown as Triple);
    }
  }
}

function linearOf({ l, c, h }: Oklch): Triple {
  const [a, b] = [c * Math.cos((h * Math.PI) / 180), c * Math.sin((h * Math.PI) / 180)];
  const L = (l + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const M = (l - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const S = (l - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    4.0767416621 * L - 3.3077115913 * M + 0.2309699292 * S,
    -1.2684380046 * L + 2.6097574011 * M - 0.3413193965 * S,
    -0.0041960863 * L - 0.7034186147 * M + 1.707614701 * S,
  ];
}

/** The same hue and chroma scale at another lightness; `chroma` is a ceiling. */
export function shade(hex: string, l: number, chroma = 0.4): string {
  const { c, h } = toOklch(hex);
  return fromOklch({ l, c: Math.min(c, chroma), h });
}
