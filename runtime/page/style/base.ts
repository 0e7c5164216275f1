/** Elements, text and the frame of the page. */
export const BASE = `
*,::before,::after{box-sizing:border-box}
html{scroll-behavior:smooth;-webkit-text-size-adjust:100%;scroll-padding-top:1rem}
body{margin:0;background:var(--page);color:var(--ink);font:400 1rem/1.55 var(--font);overflow-wrap:anywhere;
--gutter:max(var(--side),(100% - var(--measure))/2);--side:clamp(1.1rem,4vw,2.75rem);--measure:76rem;--gap:1rem}
h1,h2,h3,p,ul,dl,dd{margin:0;padding:0}
ul{list-style:none}
h1,h2,.brand{font-weight:var(--heading-weight);letter-spacing:var(--tracking);text-transform:var(--heading-case);
line-height:1.08;text-wrap:balance}
h1{font-size:clamp(2.1rem,1.3rem + 3.6vw,4rem)}
h2{font-size:clamp(1.45rem,1.15rem + 1.3vw,2.1rem)}
h3{font-size:1rem;font-weight:600;line-height:1.3;hyphens:auto;hyphenate-limit-chars:14 5 4}
a{color:inherit;text-decoration-color:var(--edge);text-underline-offset:.2em}
a:hover{color:var(--accent);text-decoration-color:currentColor}
:focus-visible{outline:3px solid var(--focus);outline-offset:3px;border-radius:3px}
main:focus{outline:none}
.vh{position:absolute;width:1px;height:1px;margin:-1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.skip{position:absolute;inset-inline-start:1rem;top:-6rem;z-index:9;padding:.7rem 1.1rem;background:var(--ink);color:var(--page)}
.skip:focus{top:1rem;color:var(--page)}
.paint{position:absolute;width:0;height:0}
body>.top{display:flex;flex-wrap:wrap;align-items:baseline;gap:0 1.1rem;padding:.6rem var(--gutter) .7rem}
.top .brand{display:inline-flex;gap:.45em;align-items:center;min-height:2.75rem;font-size:1.35rem;text-decoration:none;color:var(--ink)}
.top .tagline{color:var(--muted);font-size:.95rem}
body>.top.centred{flex-direction:column;align-items:center;text-align:center;padding-block:1.5rem 1.4rem}
.top.centred .brand{font-size:1.7rem}
body>.top.filled{background:var(--primary)}
.top.filled *{color:var(--on-primary)}
.preparing{margin-inline-start:auto;padding:.25rem .8rem;border:1px dashed var(--edge);border-radius:var(--control-radius);
font-size:.85rem;color:var(--muted)}
.centred .preparing{margin:0}
.button{display:inline-block;padding:.85em 1.6em;background:var(--primary);color:var(--on-primary);border:1px solid var(--button-edge);
border-radius:var(--control-radius);font-weight:600;line-height:1.2;text-decoration:none;transition:transform .15s}
.button:hover{color:var(--on-primary);transform:translateY(-2px)}
body>.foot{display:flex;flex-wrap:wrap;gap:.2rem 2rem;align-items:center;justify-content:space-between;margin-top:clamp(2.5rem,6vw,5rem);
padding:1.2rem var(--gutter) 1.6rem;border-top:1px solid var(--line);font-size:.9rem;color:var(--muted)}
body>.ask,.foot .privacy{display:flex;flex-wrap:wrap;gap:.6rem 1rem;align-items:center}
body>.ask{padding:.9rem var(--gutter);background:var(--band);font-size:.95rem}
body>.ask p{flex:1 1 20rem}
body>.ask button,.foot .privacy button{min-height:2.75rem;padding:.4rem 1.1rem;background:var(--surface);color:var(--ink);border:1px solid var(--edge);
border-radius:var(--control-radius);font:inherit;cursor:pointer}
body>.ask button:hover,.foot .privacy button:hover{border-color:currentColor}
.foot a{display:inline-block;padding:.75rem 0}
.count{font-size:.85em;font-weight:400;color:var(--muted);letter-spacing:0}
.empty{padding:clamp(4rem,18vh,11rem) var(--gutter);font-size:clamp(1.3rem,1.1rem + 1vw,1.8rem);line-height:1.35;text-align:center;text-wrap:balance}
#wand-notice:not(:empty){position:fixed;bottom:1rem;inset-inline-end:1rem;z-index:8;max-width:calc(100vw - 2rem);padding:.9rem 1.2rem;
background:var(--ink);color:var(--page);border-radius:var(--radius);box-shadow:0 8px 30px rgb(0 0 0/.3)}
@media(prefers-reduced-motion:reduce){html{scroll-behavior:auto}*,::before,::after{transition:none!important;animation:none!important}}
@media(forced-colors:active){.button.button,.chip,.badge,.card,.tile,.cta,.lens{border:1px solid}}
@media print{
:root{--page:#fff;--surface:#fff;--band:#fff;--card-surface:#fff;--ink:#000;--muted:#333;--accent:#000;--sale:#000;--line:#999;
--primary:#fff;--on-primary:#000}
.skip,.ask,.privacy,.filters,.preparing,.act{display:none}
.item{break-inside:avoid}
.grid,.strip{--n:4}
.list .strip{grid:auto/repeat(4,minmax(0,1fr));overflow:visible}
}
`;
