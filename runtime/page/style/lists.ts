/** Lists of products in columns. What only airy lists, tiles or rows need is apart, for the pages that have them. */
export const LISTS = `
.list{padding:clamp(1.6rem,4vw,3.2rem) var(--gutter) 0}
.list>h2,.head{margin-bottom:1.2rem}
.grid{display:grid;gap:clamp(.9rem,2vw,1.5rem);grid-template-columns:repeat(2,minmax(0,1fr))}
.item{position:relative}
.pic{position:relative;aspect-ratio:1;overflow:hidden;background:var(--band)}
.art{display:block;position:absolute;inset:0;width:100%;height:100%;object-fit:cover}
.item h3 a{text-decoration:none}
.item h3 a::after{content:"";position:absolute;inset:0;z-index:1}
.item:hover h3 a{color:var(--accent);text-decoration:underline}
.item h3 a:focus-visible{outline:none}
.item:has(a:focus-visible){outline:3px solid var(--focus);outline-offset:3px}
.card,.tile{display:flex;flex-direction:column;background:var(--card-surface);border:var(--card-border);box-shadow:var(--card-shadow);
border-radius:var(--radius);overflow:hidden}
.words{display:flex;flex-direction:column;gap:.3rem;flex:1;padding:.9rem var(--card-pad) 1.1rem}
.price{display:flex;flex-wrap:wrap;gap:.1rem .5rem;align-items:baseline;font-variant-numeric:tabular-nums}
.price strong{font-weight:600}
.price s{font-size:.88em;color:var(--muted)}
.vendor{font-size:.78rem;letter-spacing:.05em;text-transform:uppercase;color:var(--muted)}
.desc,.opts,.stock{font-size:.9rem;color:var(--muted)}
.badge{position:absolute;left:.6rem;top:.6rem;padding:.2rem .6rem;background:var(--sale);color:var(--page);
border-radius:var(--control-radius);font-size:.8rem;font-weight:700;line-height:1.35}
.badge.out{background:var(--surface);color:var(--ink);outline:1px solid var(--edge)}
.tags{display:flex;flex-wrap:wrap;gap:.3rem;margin-top:.2rem}
.tags li{padding:.05rem .55rem;border:1px solid var(--line);border-radius:var(--control-radius);font-size:.78rem;color:var(--muted)}
.opts div{display:flex;flex-wrap:wrap;gap:0 .45em}
.opts dt::after{content:":"}
.opts dd{color:var(--ink)}
.compact{gap:.8rem}
.compact .words{padding:.65rem min(.75rem,var(--card-pad)) .8rem;gap:.15rem}
.compact h3{font-size:.94rem}
@media(min-width:40rem){.cols-1{grid-template-columns:1fr}.cols-3,.cols-4{grid-template-columns:repeat(3,minmax(0,1fr))}}
@media(min-width:60rem){.cols-4{grid-template-columns:repeat(4,minmax(0,1fr))}
.compact.cols-4{grid-template-columns:repeat(5,minmax(0,1fr))}}
`;

export const AIRY = `
.airy{gap:clamp(2.2rem,5vw,4.5rem);grid-template-columns:1fr}
.airy .item{background:none;border:0;box-shadow:none;overflow:visible}
.airy .pic{aspect-ratio:4/5;border-radius:var(--radius)}
.airy .card .words{padding-inline:0;flex-direction:row;flex-wrap:wrap;justify-content:space-between;align-content:start;gap:.3rem 1rem}
.airy .card :is(.desc,.opts,.tags,.stock){flex-basis:100%}
@media(min-width:40rem){.airy:is(.cols-2,.cols-3,.cols-4){grid-template-columns:repeat(2,minmax(0,1fr))}}
@media(min-width:60rem){.airy.cols-3{grid-template-columns:repeat(3,minmax(0,1fr))}
.airy.cols-4{grid-template-columns:repeat(4,minmax(0,1fr))}}
`;

export const TILES = `
.tile{border:0}
.tile .pic{aspect-ratio:3/4;flex:1;background:#0d0a14}
.tile .art{height:86%}
.tile .words{position:absolute;inset:auto 0 0;padding:2.6rem .9rem .85rem;color:#fff;gap:.1rem;
background:linear-gradient(transparent,rgb(13 10 20/.82) 46%,rgb(13 10 20))}
.tile:hover h3 a{color:#fff}
.tile .price s{color:inherit}
.tile :is(.desc,.vendor,.opts,.opts dd,.stock,.tags li){color:#f1eff5}
`;

export const ROWS = `
.grid.of-row{grid-template-columns:1fr;gap:0}
.row{display:grid;grid-template-columns:minmax(6.5rem,24%) 1fr;gap:1.1rem;padding-block:1.1rem;border-top:1px solid var(--line)}
.row .pic{border-radius:calc(var(--radius)*.75);align-self:start}
.grid .row .words{padding:0}
.row h3{font-size:1.15rem}
@media(min-width:40rem){
.grid.of-row:not(.cols-1){grid-template-columns:repeat(2,minmax(0,1fr));column-gap:2.5rem}
.row{grid-template-columns:minmax(8rem,26%) 1fr}
}
@media(min-width:60rem){
.of-row.cols-1 .row{grid-template-columns:10rem 1fr}
.of-row.cols-1 .words{display:grid;grid-template-columns:1.5fr 1fr;column-gap:2.5rem;align-content:start}
.of-row.cols-1 :is(.vendor,h3,.desc,.tags){grid-column:1}
.of-row.cols-1 .price{grid-area:1/2;justify-self:end;font-size:1.15rem}
.of-row.cols-1 :is(.opts,.stock){grid-column:2;justify-self:end;text-align:right}
.of-row.cols-1 .opts{grid-row:2/span 2}
.of-row.cols-1 .opts div{justify-content:flex-end}
}
`;
