import { BASE } from "../style/base";
import { CHARACTERS } from "../style/characters";
import { LISTS } from "../style/lists";
import type { Look } from "../style/look";
import { REST } from "../style/parts";

/** Id of the element that holds what a model wrote; every selector of its style sheet begins with it. */
export const MADE_ID = "wand-made";

/**
 * The frame around it: nothing inside paints outside, whatever its position, so our mark stays in sight. What a product's
 * element always shows cannot be hidden either: a model's rules never carry `!important`.
 */
const FRAME = `
#wand-frame{position:relative!important;contain:layout paint!important;overflow:hidden!important;isolation:isolate}
#wand-made{min-height:4rem}
#wand-made [data-product-id]{position:relative;display:flex!important;flex-direction:column;gap:.35rem}
#wand-made [data-product-id] .pic{border-radius:var(--radius)}
#wand-made [data-product-id] :is(.wand-title,.price,.badge){display:block!important;visibility:visible!important;opacity:1!important;
font-size:max(.8rem,1em)!important}
#wand-made [data-product-id] .wand-title{font-weight:600}
#wand-made [data-product-id] .wand-title a::after{content:"";position:absolute;inset:0;z-index:1}
`;

/** Our part of the style sheet of a page that a model wrote; the model's own rules follow it. */
export const ownCss = ({ tokens, character }: Look): string =>
  tokens + (BASE + LISTS + REST + CHARACTERS[character.name] + FRAME).replace(/\s*\n\s*/g, "");
