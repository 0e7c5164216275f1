import type { PersonaType } from "../../contract/persona";

/** Width and rhythm of a page for each persona; what is on it, and in which order, is the layout's. */
export const PERSONAS: Record<PersonaType, string> = {
  minimalist: `
body{--gutter:max(1.25rem,(100% - 58rem)/2)}
.vendor,.tagline{display:none}
.cta{background:none;color:inherit;border:1px solid var(--line)}
.cta .button{background:var(--primary);color:var(--on-primary)}
.cta :focus-visible{outline-color:var(--focus)}
`,
  explorer: `body{--gutter:max(1rem,(100% - 84rem)/2)}`,
  collector: `body{--gutter:max(1.25rem,(100% - 70rem)/2)}`,
  dealhunter: `
body{--gutter:max(.9rem,(100% - 84rem)/2)}
.list{padding-top:clamp(1.2rem,2.5vw,2rem)}
.list .price:has(s) strong{color:var(--sale);font-weight:800}
`,
  loyalist: "",
  unknown: "",
};
