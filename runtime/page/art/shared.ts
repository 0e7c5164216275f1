import { hash32 } from "./random";

/** What a page's drawings have in common, by id: elements without their end, each written once in the page. */
export type Outlines = Map<string, string>;

const SHORTEST = 50; // characters; naming something shorter costs more than writing it twice
const OUTLINE = /<(?:path|rect|circle|ellipse)(?: [a-z]+="[^"#]*")+(?= (?:fill|stroke)=)/g;
/** An element in no colour of a brand: light, shade or glow. */
const COLOURLESS = /<[a-z]+(?: (?!stroke=)[a-z]+="(?!#[0-9a-f]{6}")[^"]*")+(?=\/>)/g;

/**
 * The shapes with references in the place of what drawings share: first the outlines, which differ in colour, then whole
 * elements that have no colour of their own. The same thing has the same id in every drawing.
 */
export function share(shapes: string): { shapes: string; outlines: Outlines } {
  const outlines: Outlines = new Map();
  const name = (element: string): string => {
    if (element.length < SHORTEST) return element;
    const id = `w${hash32(element).toString(36)}`;
    outlines.set(id, element);
    return `<use href="#${id}"`;
  };
  const referring = shapes.replaceAll(OUTLINE, name).replaceAll(COLOURLESS, name);
  return { shapes: referring, outlines };
}
