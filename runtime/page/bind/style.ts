import { BASE } from "../style/base";
import { CHARACTERS } from "../style/characters";
import { PRODUCT } from "../style/lists";
import type { Look } from "../style/look";
import { REST } from "../style/parts";

/** Id of the element that holds what a model wrote; every selector of its style sheet begins with it. */
export const MADE_ID = "wand-made";

/**
 * The frame around it: nothing inside paints outside, whatever its position, so our mark stays in sight. What a product's
 * element always shows cannot be hidden either: a model's rules never carry `!important`. A price is shown whole and as it is
 * read: cut off, turned round or with the former price alone it would be another.
 */
const FRAME = `
#wand-frame{position:relative!important;contain:layout paint!important;overflow:hidden!important;isolation:isolate}
#wand-made{min-height:4rem}
#wand-made [data-product-id]{position:relative;display:flex!important;flex-direction:column;gap:.35rem}
#wand-made [data-product-id] .pic{border-radius:var(--radius)}
#wand-made [data-product-id] :is(.wand-title,.price,.badge){display:block!important;visibility:visible!important;opacity:1!important;
font-size:max(.8rem,1em)!important}
#wand-made [data-product-id]{min-width:min(9rem,100%)!important;opacity:1!important;visibility:visible!important}
#wand-made [data-product-id] :is(.price,.price strong,.price s){position:static!important;float:none!important;width:auto!important;
height:auto!important;max-width:none!important;max-height:none!important;margin:0!important;overflow:visible!important;clip-path:none!important;
transform:none!important;scale:none!important;rotate:none!important;translate:none!important;zoom:1!important;writing-mode:inherit!important;
text-orientation:mixed!important;text-indent:0!important;letter-spacing:normal!important;white-space:normal!important;filter:none!important}
#wand-made [data-product-id] .price{writing-mode:horizontal-tb!important}
#wand-made [data-product-id] .price strong{display:inline!important;visibility:visible!important;opacity:1!important;font-size:1em!important;
color:inherit!important}
#wand-made [data-product-id] .price s{text-decoration:line-through!important;color:inherit!important}
#wand-made [data-product-id] :is(.price,.badge,.price *)::before{content:none!important}
#wand-made [data-product-id] :is(.price,.badge,.price *)::after{content:none!important}
#wand-made [data-product-id] .wand-title{font-weight:600}
#wand-made [data-product-id] .wand-title a{color:inherit;text-decoration:none}
#wand-made [data-product-id]:hover .wand-title a{text-decoration:underline}
#wand-made .wand-title a:focus-visible{outline:none}
#wand-made [data-product-id]:has(.wand-title a:focus-visible){outline:3px solid var(--focus);outline-offset:3px}
#wand-made [data-product-id] .wand-title a::after{content:"";position:absolute;inset:0;z-index:1}
`;

/**
 * How a page looks where a model says nothing of it. Of no more weight than the id that all of a model's rules begin with, so that
 * every one of them counts for more. A list of products is in columns, and no picture fills a screen.
 */
const DEFAULTS = `
#wand-made>:where(h1,h2,h3,p,ul,ol,dl):where(:not([class])){margin:1.2rem var(--gutter) 0}
#wand-made :where(h1,h2,h3){margin-bottom:.6rem}
#wand-made :where(p+p,p+ul,ul+p){margin-top:.8rem}
#wand-made :where(ul,ol):where(:not([class]):has(>[data-product-id])){display:grid;gap:1.5rem 1rem;
grid-template-columns:repeat(auto-fill,minmax(min(100%,15rem),1fr))}
:where(#wand-made [data-product-id]){max-width:40rem}
`;

/** What the list of everything else is in a page without lists of ours. */
const INDEX = `
main>.rest{padding:clamp(1.6rem,4vw,3.2rem) var(--gutter) 0}
.rest .line{position:relative}
.rest h3 a{text-decoration:none}
.rest h3 a::after{content:"";position:absolute;inset:0;z-index:1}
.rest h3 a:focus-visible{outline:none}
.rest .line:has(a:focus-visible){outline:3px solid var(--focus);outline-offset:3px}
`;

/** Our part of the style sheet of a page that a model wrote; the model's own rules follow it. */
export const ownCss = ({ tokens, character }: Look): string =>
  tokens + (BASE + PRODUCT + REST + INDEX + CHARACTERS[character.name] + DEFAULTS + FRAME).replace(/\s*\n\s*/g, "");
