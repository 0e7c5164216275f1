/** What a model's style sheet may consist of. Everything else is left out, so what CSS learns tomorrow is left out too. */

/** Rules in a block of conditions, and animations. None of them loads anything. */
export const AT_RULES: ReadonlySet<string> = new Set(["media", "supports", "container", "keyframes"]);

const words = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/));

/** Properties, by name; a family stands for all that begin with its name and a hyphen. */
const PROPERTIES = words(`
  all appearance aspect-ratio backdrop-filter backface-visibility bottom box-decoration-break box-shadow box-sizing
  break-after break-before break-inside caret-color clear clip-path color color-scheme column-gap content contain
  container-type container-name cursor display filter float gap height hyphens inset isolation
  justify-content justify-items justify-self left letter-spacing line-break line-height list-style-position
  max-block-size max-height max-inline-size max-width min-block-size min-height min-inline-size min-width block-size
  inline-size mix-blend-mode object-fit object-position opacity order orphans perspective perspective-origin
  pointer-events position quotes resize right rotate row-gap scale tab-size text-align text-align-last text-combine-upright
  text-indent text-orientation text-overflow text-shadow text-transform text-wrap top transform transform-box
  transform-origin transform-style translate user-select vertical-align visibility white-space widows width
  word-break word-spacing writing-mode z-index zoom accent-color columns overflow overflow-wrap
`);
const FAMILIES = words(`
  align animation background border column flex font grid inset margin outline overflow overscroll padding place scroll
  text-decoration text-emphasis text-underline transition
`);
/** Of a family, but able to bring in a picture, a font or a text. */
const NOT = words("border-image border-image-source font-language-override");

export function isAllowedProperty(name: string): boolean {
  if (NOT.has(name)) return false;
  if (PROPERTIES.has(name) || FAMILIES.has(name)) return true;
  return [...FAMILIES].some((family) => name.startsWith(`${family}-`));
}

/** Functions in values; none of them reads an address, an attribute or a counter. */
export const FUNCTIONS = words(`
  blur brightness calc circle clamp color color-mix conic-gradient contrast cubic-bezier drop-shadow ellipse fit-content
  grayscale hsl hsla hue-rotate hwb inset invert lab lch light-dark linear linear-gradient matrix max min minmax
  oklab oklch opacity path perspective polygon radial-gradient rect repeat repeating-conic-gradient
  repeating-linear-gradient repeating-radial-gradient rgb rgba rotate rotatex rotatey rotatez rotate3d round saturate
  scale scalex scaley scalez scale3d sepia skew skewx skewy steps translate translatex translatey translatez
  translate3d var xywh
`);

/** Pseudo-classes and elements in selectors. */
export const PSEUDO_CLASSES = words(`
  active any-link empty enabled even first-child first-of-type focus focus-visible focus-within has hover is lang
  last-child last-of-type link not nth-child nth-last-child nth-last-of-type nth-of-type odd only-child only-of-type root
  target visited where open dir
`);
export const PSEUDO_ELEMENTS = words("after backdrop before first-letter first-line marker selection");
