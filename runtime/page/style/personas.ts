import type { PersonaType } from "../../contract/persona";

/** Width and rhythm of a page for each persona; what is on it, and in which order, is the layout's. */
export const PERSONAS: Record<PersonaType, string> = {
  minimalist: `
body{--measure:58rem}
.vendor,.tagline{display:none}
.cta{background:none;color:inherit;border:1px solid var(--line)}
.cta .button{background:var(--primary);color:var(--on-primary)}
.cta :focus-visible{outline-color:var(--focus)}
.buy :is(button,summary){padding-inline:0;border-color:transparent;text-decoration:underline;text-underline-offset:.3em}
`,
  explorer: `
body{--measure:84rem}
main>.filters:first-of-type{padding-block:clamp(1.2rem,5vw,3.5rem) clamp(.2rem,2vw,1.2rem)}
.facet:first-child .chip{padding:.72rem clamp(1rem,2.5vw,1.4rem);font-size:clamp(1rem,.9rem + .4vw,1.1rem)}
`,
  collector: `
body{--measure:70rem}
@media(max-width:47.99rem){.split .showcase{order:-1}}
`,
  dealhunter: `
body{--measure:84rem}
.list{padding-top:clamp(1.2rem,2.5vw,2rem)}
.list .buy button{background:var(--primary);color:var(--on-primary);border-color:transparent}
.list .price:has(s) strong{color:var(--sale);font-weight:800}
`,
  loyalist: "",
  unknown: "",
};
