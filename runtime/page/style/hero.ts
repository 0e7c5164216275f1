/**
 * The opening, in its four styles. Beside a product the words begin at the top: were they in the middle, they would move
 * whenever a browser paints before it has all of the page.
 */
export const HERO = `
.hero{display:grid;gap:clamp(1.5rem,4vw,3.5rem);align-items:center;padding:clamp(1.25rem,4vw,3.5rem) var(--gutter)}
.lede{margin-top:1rem;max-width:36rem;font-size:clamp(1.05rem,1rem + .4vw,1.3rem);color:var(--muted);text-wrap:pretty}
.act{margin-top:1.6rem}
.showcase{position:relative}
.showcase .pic{aspect-ratio:4/3;border-radius:var(--radius)}
.caption{display:flex;flex-wrap:wrap;gap:.2rem 1rem;align-items:baseline;justify-content:space-between;padding-top:.7rem}
.caption .name{font-weight:600;min-width:0}
.caption .name a{display:inline-block;max-width:100%;padding:.65rem 0;margin-block:-.45rem}
.showcase .desc{margin-top:.5rem;max-width:44rem}
.quiet{padding-block:clamp(2.2rem,8vw,6.5rem) clamp(1rem,4vw,3.2rem);justify-items:center;text-align:center}
.quiet h1,.quiet h2{max-width:20ch}
.quiet .lede{margin-inline:auto}
.quiet .button{background:none;color:var(--accent);padding:.95em 0 .5em;border-radius:0;border:0 solid;border-bottom-width:2px;
box-shadow:none}
.spec{margin-top:1.5rem;max-width:34rem}
.spec div{display:grid;grid-template-columns:8rem 1fr;gap:1rem;padding:.5rem 0;border-top:1px solid var(--line)}
.spec dt{color:var(--muted)}
.saved{margin-top:.8rem;font-size:1.25rem;font-weight:600}
.banner{background:var(--primary);color:var(--on-primary)}
.banner :is(.lede,.caption *){color:inherit}
.banner .button{background:var(--on-primary);color:var(--primary)}
.banner :focus-visible{outline-color:var(--on-primary)}
.banner.alone{padding-block:clamp(3rem,8vw,6rem)}
.deal{background:var(--band)}
.figure{display:inline-flex;align-items:baseline;gap:.2em;margin-bottom:.6rem;color:var(--sale);font-weight:800;
font-size:clamp(3.2rem,2rem + 7vw,7rem);line-height:.95;letter-spacing:-.04em}
.figure>span{font-size:.36em;letter-spacing:0}
.deal .name{font-size:1.15rem}
.deal .price{font-size:1.35rem}
@media(min-width:48rem){
.hero:not(.alone,.quiet){grid-template-columns:1.05fr 1fr;align-items:start}
.hero:not(.alone,.quiet) .hero-words{padding-top:clamp(1rem,4vw,4rem)}
.showcase .pic{aspect-ratio:1/.82}
.deal:not(.alone){grid-template-columns:1.25fr 1fr}
}
`;

/** The call to action. */
export const CTA = `
.cta{display:grid;align-items:center;margin:clamp(2.5rem,6vw,5rem) var(--gutter) 0;overflow:hidden;
background:var(--primary);color:var(--on-primary);border-radius:var(--radius)}
.cta-words{padding:clamp(1.5rem,4vw,3rem)}
.cta h2{font-size:clamp(1.5rem,1.2rem + 1.6vw,2.4rem)}
.cta p:not(.act){margin-top:.6rem;max-width:44rem}
.named a{display:inline-block;padding:.62rem 0;font-weight:600}
.cta .named+.price{margin:0}
.cta .price s{color:inherit}
.cta .button{background:var(--on-primary);color:var(--primary)}
.cta :focus-visible{outline-color:var(--on-primary)}
.cta .pic{aspect-ratio:4/3}
.cta .act{margin-top:1.2rem}
@media(min-width:48rem){
.cta:not(.alone){grid-template-columns:minmax(15rem,2fr) 3fr}
.cta .pic{aspect-ratio:5/4}
.cta.alone .cta-words{display:grid;grid-template-columns:1fr auto;gap:0 2rem;align-items:center}
.cta.alone .act{grid-row:1/span 2;grid-column:2;margin:0}
}
`;
