/** How a product is bought. It lies above the link that covers its card. */
export const BUY = `
.buy{position:relative;z-index:2;width:fit-content;max-width:100%;margin-top:auto;padding-top:.55rem;font-size:.92rem}
.buy[open]{width:100%}
.buy :is(button,summary){min-height:2.75rem;padding:.65rem .9rem;background:none;color:inherit;border:1px solid var(--edge);
border-radius:var(--control-radius);font:inherit;font-weight:600;line-height:1.3;cursor:pointer}
.buy summary{width:fit-content}
.buy :is(button,summary):hover{border-color:currentColor}
.buy label{display:grid;gap:.2rem;margin-block:.7rem .6rem}
.buy select{min-height:2.75rem;min-width:0;padding:.3rem .5rem;background:var(--surface);color:var(--ink);border:1px solid var(--edge);
border-radius:calc(var(--radius)/2);font:inherit}
.buy a{display:inline-flex;align-items:center;min-height:2.75rem;color:var(--muted)}
.airy .card .buy{flex-basis:100%}
.single .words .buy{grid-column:1}
:is(.banner,.cta) .buy :is(button,summary){border-color:currentColor}
@media print{.buy{display:none}}
`;

/** Recommendations: a strip to swipe on small screens. */
export const STRIP = `
.recs{margin-top:clamp(1.6rem,4vw,3.2rem);padding-block:clamp(1.6rem,4vw,2.8rem) clamp(.8rem,3vw,1.6rem);background:var(--band)}
.vh~.recs:first-of-type{margin-top:0}
.recs .head{display:flex;flex-wrap:wrap;gap:.3rem 1.5rem;align-items:baseline;justify-content:space-between}
.vh~.recs:first-of-type .head{flex-direction:column}
.vh~.recs:first-of-type h2{font-size:clamp(1.9rem,1.4rem + 2.2vw,3rem)}
.vh~.recs:first-of-type .reason{font-size:1.1rem}
.reason{color:var(--muted);max-width:44rem}
.strip{display:grid;grid-auto-flow:column;grid-auto-columns:minmax(8.5rem,38%);gap:1rem;overflow-x:auto;
scroll-snap-type:x proximity;scroll-padding-inline:var(--side);margin-inline:calc(-1*var(--side));padding:.4rem var(--side) 1.4rem}
.strip .item{scroll-snap-align:start}
@media(min-width:60rem){.strip{grid-auto-columns:minmax(12rem,19rem)}}
`;

/** Filters and their lenses. */
export const FILTERS = `
.filters{padding:clamp(1.2rem,3vw,2rem) var(--gutter) 0}
.filters h2{font-size:1.15rem;margin-bottom:.7rem}
.filters h1{font-size:clamp(1.9rem,1.3rem + 2.8vw,3.3rem);margin-bottom:1.1rem}
.groups{display:flex;flex-wrap:wrap;gap:.7rem 2.5rem}
.facet p{margin-bottom:.35rem;font-size:.8rem;letter-spacing:.05em;text-transform:uppercase;color:var(--muted)}
.facet:only-child p{display:none}
.facet ul{display:flex;flex-wrap:wrap;gap:.45rem}
.chip{display:inline-flex;gap:.5em;align-items:baseline;min-height:2.75rem;padding:.68rem 1rem;background:var(--surface);
border:1px solid var(--edge);border-radius:var(--control-radius);font-size:.92rem;line-height:1.35;text-decoration:none}
.chip:hover{border-color:currentColor}
:target~.filters .count{color:inherit}
.lens{display:none}
.lens:target{display:block;margin:1.2rem var(--gutter) 0;padding:.2rem 1rem;background:var(--band);border-radius:calc(var(--radius)/2)}
.lens a{display:inline-block;padding:.6rem 0}
`;

/** The index of everything else. */
export const REST = `
.rest h2{display:inline-block;font-size:1.25rem}
.rest summary{cursor:pointer;padding:.75rem 0}
.rest .index{display:grid;gap:0 2.5rem;grid-template-columns:repeat(auto-fill,minmax(min(100%,19rem),1fr))}
.rest .line{display:flex;gap:1rem;justify-content:space-between;align-items:baseline;padding:.65rem 0;border-bottom:1px solid var(--line)}
.rest h3{font-weight:400}
.rest .price{justify-content:flex-end;white-space:nowrap;flex:none}
.rest strong{font-weight:400}
`;
