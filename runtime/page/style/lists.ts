/** What every page shows of a product, whoever wrote the page: picture, price, saving. */
export const PRODUCT = `
.pic{position:relative;aspect-ratio:1;overflow:hidden;background:var(--band)}
.art{display:block;position:absolute;inset:0;width:100%;height:100%;object-fit:cover;stroke-linecap:round}
.price{display:flex;flex-wrap:wrap;gap:.1rem .5rem;align-items:baseline;font-variant-numeric:tabular-nums}
.price strong{font-weight:600}
.price s{font-size:.88em;color:var(--muted)}
.badge{position:absolute;inset-inline-start:.6rem;top:.6rem;padding:.2rem .6rem;background:var(--sale);color:var(--page);
border-radius:var(--control-radius);font-size:.8rem;font-weight:700;line-height:1.35}
.badge.out{background:var(--surface);color:var(--ink);outline:1px solid var(--edge)}
`;

/** Lists of products in columns. What only airy lists, tiles or rows need is apart, for the pages that have them. */
export const LISTS = `
.list{padding:clamp(1.6rem,4vw,3.2rem) var(--gutter) 0}
.list>h2,.head{margin-bottom:1.2rem}
.grid{display:grid;gap:clamp(.9rem,2vw,1.5rem);--n:2;grid-template-columns:repeat(var(--n),minmax(0,1fr))}
.item{position:relative}
.item h3 a{text-decoration:none}
.item h3 a::after{content:"";position:absolute;inset:0;z-index:1}
.item:hover h3 a{color:var(--accent);text-decoration:underline}
.item h3 a:focus-visible{outline:none}
.item:has(h3 a:focus-visible){outline:3px solid var(--focus);outline-offset:3px}
.card,.tile{display:flex;flex-direction:column;background:var(--card-surface);border:var(--card-border);box-shadow:var(--card-shadow);
border-radius:var(--radius);overflow:hidden}
.words{min-width:0;display:flex;flex-direction:column;gap:.3rem;flex:1;padding:.9rem var(--card-pad) 1.1rem}
.vendor{font-size:.78rem;letter-spacing:.05em;text-transform:uppercase;color:var(--muted)}
.desc,.opts,.stock{font-size:.9rem;color:var(--muted)}
.stock.few{color:var(--sale);font-weight:600}
.item:has(.out) .art{opacity:.45}
.tags{display:flex;flex-wrap:wrap;gap:.3rem;margin-top:.2rem}
.tags li{padding:.05rem .55rem;border:1px solid var(--line);border-radius:var(--control-radius);font-size:.78rem;color:var(--muted)}
.opts div{display:flex;flex-wrap:wrap;gap:0 .45em}
.opts dt::after{content:":"}
.opts dd{color:var(--ink)}
.card h3,.tile h3{display:-webkit-box;-webkit-box-orient:vertical;-webkit-line-clamp:4;overflow:hidden}
.vh+.list:not(.recs)>h2{font-size:clamp(1.9rem,1.4rem + 2.2vw,3rem)}
.compact{gap:.8rem}
.compact .words{padding:.65rem min(.75rem,var(--card-pad)) .8rem;gap:.15rem}
.compact h3{font-size:.94rem}
@media(max-width:39.99rem){
.grid:not(.airy)>.card:last-child:nth-child(odd){grid-column:1/-1;flex-direction:row}
.grid:not(.airy)>.card:last-child:nth-child(odd) .pic{flex:0 0 48%}
.grid:not(.airy)>.card:last-child:nth-child(odd) .words{padding-inline-start:1rem;justify-content:center}
}
@media(min-width:40rem){.mid-2{--n:2}.mid-3{--n:3}.mid-4{--n:4}}
@media(min-width:60rem){.wide-1{--n:1}.wide-2{--n:2}.wide-3{--n:3}.wide-4{--n:4}.wide-5{--n:5}.wide-6{--n:6}}
`;

export const AIRY = `
.airy{gap:clamp(2.2rem,5vw,4.5rem)}
@media(max-width:39.99rem){.grid.airy{--n:1}.airy.airy .pic{aspect-ratio:1}}
.airy .item{background:none;border:0;box-shadow:none;overflow:visible}
.airy .pic{aspect-ratio:4/5;border-radius:var(--radius)}
.airy .card .words{padding-inline:0;flex-direction:row;flex-wrap:wrap;justify-content:space-between;align-items:baseline;align-content:start;gap:.3rem 1rem}
@media(min-width:40rem){.airy.wide-2>.card:last-child:nth-child(odd){grid-column:1/-1;justify-self:center;width:calc(50% - clamp(1.1rem,2.5vw,2.25rem))}}
.airy .card :is(.desc,.opts,.tags,.stock){flex-basis:100%}
`;

/**
 * The first tile of a mosaic is as high as two rows by its own picture: were it to wait for its neighbours to give it a height,
 * its words would move while the page is still arriving. On a phone a tile as wide as the page has its words beside its picture.
 */
export const TILES = `
.tile{display:grid;border:0}
.tile>*{grid-area:1/1}
.tile .pic{aspect-ratio:3/4;background:var(--band)}
.tile .art{height:calc(100% - 4.2rem)}
.tile .words{align-self:end;z-index:0;padding:2.2rem .9rem .85rem;gap:.1rem;text-align:start;align-items:normal;
background:linear-gradient(transparent,var(--band) 2.2rem)}
.mosaic>:first-child{grid-column:span 2}
.mosaic .pic{place-self:stretch}
.mosaic>:first-child .pic{aspect-ratio:4/3}
@media(max-width:39.99rem){
.tile .pic{aspect-ratio:2/3}
:is(.mosaic>:first-child,.grid:not(.mosaic)>.tile:last-child:nth-child(odd)){grid-column:1/-1;grid-template-columns:55% 1fr;background:var(--band)}
:is(.mosaic>:first-child,.grid:not(.mosaic)>.tile:last-child:nth-child(odd)) .pic{aspect-ratio:1}
:is(.mosaic>:first-child,.grid:not(.mosaic)>.tile:last-child:nth-child(odd)) .art{height:100%}
:is(.mosaic>:first-child,.grid:not(.mosaic)>.tile:last-child:nth-child(odd)) .words{grid-area:1/2;align-self:center;padding-block:1rem;background:none}
}
@media(min-width:40rem){
.mosaic.mid-2>:first-child .pic{aspect-ratio:2}
.mosaic.mid-3>:first-child{grid-row:span 2}
.mosaic.mid-3>:first-child .pic{aspect-ratio:3/4}
}
@media(min-width:60rem){
.mosaic.mosaic>:first-child{grid-row:span 2}
.mosaic.mosaic>:first-child .pic{aspect-ratio:3/4}
.mosaic>:first-child :is(h3,.price){font-size:1.4rem}
}
`;

export const ROWS = `
.of-row{--n:1;gap:0}
.row{display:grid;grid-template-columns:minmax(6.5rem,24%) 1fr;gap:1.1rem;padding-block:1.1rem;border-top:1px solid var(--line)}
.row .pic{border-radius:calc(var(--radius)*.75);align-self:start}
.grid .row .words{padding:0}
.row h3{font-size:1.15rem}
@media(min-width:40rem){
.of-row:not(.single){--n:2;column-gap:2.5rem}
.row{grid-template-columns:minmax(8rem,26%) 1fr}
}
@media(min-width:60rem){
.single .row{grid-template-columns:10rem 1fr}
.single .words{display:grid;grid-template-columns:1.5fr 1fr;column-gap:2.5rem;align-content:start;align-items:baseline}
.single .vendor{grid-row:1}
.single h3{grid-row:2}
.single .desc{grid-row:3}
.single .tags{grid-row:4}
.single :is(.price,.opts,.stock){grid-column:2;justify-self:end;text-align:end}
.single .price{grid-row:2;font-size:1.15rem}
.single .opts{grid-row:3}
.single .opts div{justify-content:flex-end}
.single .stock{grid-row:4}
.single .words:not(:has(.opts)) .stock{grid-row:3}
}
`;
