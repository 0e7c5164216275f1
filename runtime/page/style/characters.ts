import type { CharacterName } from "./character";

/** What a character changes beyond its tokens. */
export const CHARACTERS: Record<CharacterName, string> = {
  mystic: `
body>.top{border-bottom:1px solid var(--line)}
.hero:not(.banner){background:radial-gradient(60rem 30rem at 75% 20%,var(--band),transparent)}
.button{box-shadow:0 0 0 1px var(--secondary),0 0 26px -6px var(--secondary)}
.badge{font-weight:700}
`,
  playful: `
.top .brand{font-size:1.6rem}
.button{box-shadow:0 4px 0 var(--ink)}
.hero.split{background:var(--band);border-radius:0 0 2.5rem 2.5rem}
.showcase .pic{transform:rotate(1.5deg);border:6px solid var(--surface)}
.item:nth-child(3n+1) .badge{transform:rotate(-4deg)}
`,
  refined: `
.top .brand{letter-spacing:.14em;text-transform:uppercase;font-size:1.3rem}
body>.top{border-bottom:1px solid var(--line)}
.tagline,.lede,.reason{font-style:italic}
.list>h2{text-align:center}
.list>h2::after{content:"";display:block;width:3rem;margin:.9rem auto 0;border-top:1px solid var(--ink)}
.button{letter-spacing:.1em;text-transform:uppercase;font-size:.82rem;font-weight:500}
.words{text-align:center;align-items:center}
.row .words{text-align:start;align-items:normal}
h3{font-weight:500}
`,
  minimal: `
body>.top{padding-block:1rem}
h1{font-size:clamp(1.9rem,1.3rem + 2.6vw,3.2rem)}
h2{font-size:clamp(1.3rem,1.15rem + .7vw,1.65rem)}
h3{font-weight:500}
.price strong{font-weight:400}
.badge{background:var(--page);color:var(--sale)}
`,
  natural: `
body>.top{background:var(--band)}
.showcase .pic{border-radius:50% 50% var(--radius) var(--radius)/38% 38% var(--radius) var(--radius)}
.tagline{font-style:italic}
`,
  bold: `
.list>h2{border-bottom:4px solid var(--ink);padding-bottom:.4rem}
.card:hover{box-shadow:6px 6px 0 var(--primary)}
.button{text-transform:uppercase;border:2px solid var(--ink)}
.hero.split{border-bottom:2px solid var(--ink)}
.price strong{font-weight:800}
`,
  modern: `
body>.top{background:var(--surface);border-bottom:1px solid var(--line)}
.card:hover,.chip:hover{border-color:var(--primary)}
.vendor,.facet p{letter-spacing:.02em;text-transform:none}
`,
};
