import { faultsOf } from "../../../runtime/container/html/check";
import { filterStyleSheet } from "../../../runtime/container/html/css";
import { readPage, type WrittenPage } from "../../../runtime/container/html/page";
import type { PageFacts } from "../../../runtime/page";
import { BRANDS, product, shop } from "../page/fixtures";

const products = [
  product({ id: "elder", title: "Elder Wand", price: 120, image_url: "https://cdn.example/elder.jpg" }),
  product({ id: "willow", title: "Willow Wand", price: 64, compare_at_price: 80 }),
  product({ id: "robe", title: "Robe", price: 42 }),
];
const facts: PageFacts = {
  persona: "minimalist",
  shop: shop("Magic Wands", BRANDS.natural),
  products,
  page: { canonicalUrl: "https://edge.example/s/a-shop", scriptUrl: "/assets/a.js", source: "model" },
};
const limits = { persona: "minimalist", productIds: new Set(products.map(({ id }) => id)) } as const;

const CARD = `<li class="card" data-product-id="elder"></li>`;
const document = (body: string, style = ""): string =>
  `<!doctype html><html><head><title>t</title><style>${style}</style></head><body>${body}<ul>${CARD}</ul></body></html>`;
const read = (html: string, given: PageFacts = facts): WrittenPage =>
  readPage(JSON.stringify({ html, components: [], persona_hash: "v1_x_0_00000000" }), given, limits);
/** The model's part of the page made of a body. */
const made = (body: string): string => {
  const { html } = read(document(body));
  return html.slice(html.indexOf("<!--wand:page-->"), html.indexOf("<!--wand:product=elder-->"));
};

describe("a page that a model wrote", () => {
  it("is filled with the catalogue's facts, whatever the model wrote in a product's element", () => {
    const { html } = read(
      document(
        `<div class="hot" data-product-id="willow"><h3>Cheap Wand</h3><p>1 EUR</p><a href="https://evil.example">buy</a></div>`,
      ),
    );
    expect(html).not.toMatch(/Cheap Wand|1 EUR|evil\.example/);
    expect(html).toContain(`<article class="hot" data-product-id="willow">`);
    expect(html).toContain("Willow Wand</a>");
    expect(html).toMatch(/<strong>£64\.00<\/strong> <s><span class="vh">was <\/span>£80\.00<\/s>/);
    expect(html).toContain(`src="https://cdn.example/elder.jpg"`);
  });

  it("loses products that the catalogue lacks and lists those it leaves out", () => {
    const { html } = read(document(`<p data-product-id="nimbus">Nimbus</p>`));
    expect(html).not.toContain("imbus");
    expect(html).toMatch(/Everything else <span class="count">2<\/span>/);
  });

  it("has a head of ours, one style element, our script and the mark of how it was made", () => {
    const { html, css, cspHash } = read(
      `<html lang="xx"><head><base href="https://evil.example"><meta http-equiv="refresh" content="0;url=//evil"><title>Not the shop</title><link rel="stylesheet" href="//evil"></head><body>${CARD}<style>.a{color:red}</style><p style="color:blue">x</p></body></html>`,
    );
    expect(html).toMatch(/^<!doctype html> <html lang="en-GB"/);
    expect(html).not.toMatch(/evil|Not the shop|http-equiv/);
    expect(html.match(/<style>/g)).toHaveLength(1);
    expect(html).toContain(`<style>${css}</style>`);
    expect(cspHash).toMatch(/^sha256-/);
    expect(css).toContain("#wand-made .a{color:red}");
    expect(css).toContain("#wand-made .wand-i0{color:blue}");
    expect(html).toContain(`<p class="wand-i0">x</p>`);
    expect(html).toContain(`data-generator-kind="ai"`);
    expect(html).toContain(`<meta name="generator-kind" content="ai"`);
    expect(html).toContain(`<link rel="canonical" href="https://edge.example/s/a-shop"`);
    expect(html).toContain(`<script src="/assets/a.js" type="module"></script>`);
    expect(html).toMatch(/"price":120\b/);
  });

  it("keeps what is harmless: structure, classes, ids, links within", () => {
    const body = `<header id="top"><h1>Hello</h1><nav><a href="#best" class="n">Best</a></nav></header><section id="best"><details><summary>More</summary><p>Text <em>here</em></p></details></section>`;
    expect(made(body)).toBe(
      `<!--wand:page--><header id="m-top"><h1>Hello</h1><nav><a class="n" href="#m-best">Best</a></nav></header><section id="m-best"><details><summary>More</summary><p>Text <em>here</em></p></details></section><ul>`,
    );
  });

  it("has links to the shop's own products alone", () => {
    expect(made(`<a href="https://shop.example/products/elder">one</a>`)).toContain(
      `<a data-product-link="elder" href="https://shop.example/products/elder">one</a>`,
    );
    expect(made(`<a data-product-link="robe">two</a>`)).toContain(`href="https://shop.example/products/robe">two</a>`);
    for (const href of [
      "https://evil.example",
      "//evil.example",
      "/other",
      "mailto:a@b.c",
      "https://shop.example/products/none",
    ]) {
      expect(made(`<p><a href="${href}">words</a></p>`)).toContain(`<p><span>words</span></p>`);
    }
    expect(
      made(`<form action="https://evil.example"><input name="card"><button>Pay</button><p>Words</p></form>`),
    ).toContain(`<!--wand:page--><p>Words</p><ul>`);
  });

  it.each([
    "Only £12 today",
    "Only <b>£</b><i>12</i> today",
    "EUR 12",
    "12 euros",
    "now 9.99",
    "ab 5,-",
    "Save 20%",
    "20 % off",
    "-30%",
    "１２ €",
    "from 12",
    "1\u200b2 do\u200bllars",
  ])("loses a line that names money outside of a product: %s", (line) => {
    expect(made(`<section><h2>Stays</h2><p>${line}</p></section>`)).toBe(
      `<!--wand:page--><section><h2>Stays</h2></section><ul>`,
    );
    expect(made(`<div>${line}<p>Stays</p></div>`)).toContain(`<div><p>Stays</p></div>`);
    expect(made(`<p title="${line.replaceAll(/<[^>]*>/g, "")}">Stays</p>`)).not.toContain("title");
  });

  it.each([
    "Since 1888",
    "Made of 100% wool",
    "12 cm long",
    "24 wands in 3 woods",
    "only 5 left",
    "Chapter 1.2",
    "A-10",
  ])("keeps a line that names none: %s", (line) => {
    expect(made(`<p>${line}</p>`)).toContain(`<p>${line}</p>`);
  });

  it.each<[string, string]>([
    ["no JSON", "I would rather not."],
    ["no document", JSON.stringify({ components: [] })],
    ["a document that is no text", JSON.stringify({ html: { a: 1 } })],
    ["an empty document", JSON.stringify({ html: "" })],
    ["no product of the catalogue", JSON.stringify({ html: "<p>Hello</p>" })],
    ["a page that is too long", JSON.stringify({ html: `<p>${"x".repeat(200_001)}</p>` })],
    ["a megabyte", JSON.stringify({ html: "x".repeat(1_000_001) })],
    ["elements nested a hundred thousand deep", JSON.stringify({ html: "<div>".repeat(39_000) + CARD })],
  ])("is refused with %s, quoting nothing of it", (_name, text) => {
    const refuse = (): unknown => readPage(text, facts, limits);
    expect(refuse).toThrow(/^The model('s page (is|shows)| did not)/);
    expect(refuse).not.toThrow(/rather|Hello|xxx/);
  });

  it("is no page for what turns the order of letters round, and numbers no list from where it likes", () => {
    expect(made("<p>Warm \u202eand\u202c dry</p><ol start='99' reversed><li>x</li></ol>")).toContain(
      "<p>Warm and dry</p><ol><li>x</li></ol>",
    );
  });

  it.each([
    document(CARD),
    `\`\`\`html\n${document(CARD)}\n\`\`\``,
    `${JSON.stringify({ html: document(CARD) })} That is it.`,
    JSON.stringify({ html: document(`<pre>\`\`\`</pre>${CARD}<p>\`\`\`</p>`) }),
  ])("is taken from what stands around it, or without its JSON: %s", (text) => {
    expect(readPage(text, facts, limits).html).toContain('data-product-id="elder"');
  });

  it.each([
    ["one that breaks off", document(CARD).replace("</html>", "")],
    ["words before it", `Here you are: ${document(CARD)}`],
    ["a part of one", CARD],
  ])("is no bare document: %s", (_name, text) => {
    expect(() => readPage(text, facts, limits)).toThrow("did not answer with the JSON object");
  });

  it("says what is in it as far as that is a list of sections with products of the catalogue", () => {
    const grid = { type: "grid", id: "g", config: { product_ids: ["elder", "gone"] } };
    const text = JSON.stringify({ html: document(""), components: [grid, { type: "script" }, 7] });
    expect(readPage(text, facts, limits).components).toMatchObject([
      { type: "grid", config: { product_ids: ["elder"] } },
    ]);
  });
});

describe("a model's style sheet", () => {
  it.each([
    [".a{color:red}", "#wand-made .a{color:red}"],
    ["body{margin:0}html body .a,:root{--x:1px}", "#wand-made{margin:0}#wand-made .a,#wand-made{--x:1px}"],
    ['#hero>h1:hover::before{content:"→"}', '#wand-made #m-hero>h1:hover::before{content:"→"}'],
    ["@media (max-width:40rem){.a{gap:1rem}}", "@media (max-width:40rem){#wand-made .a{gap:1rem}}"],
    ["@keyframes k{from{opacity:0}to{opacity:1}}", "@keyframes k{from{opacity:0}to{opacity:1}}"],
    [
      ".a{width:min(10px,calc(1px + 2vw));background:linear-gradient(red,var(--b))}",
      "#wand-made .a{width:min(10px,calc(1px + 2vw));background:linear-gradient(red,var(--b))}",
    ],
  ])("keeps %s inside the model's page", (given, kept) => {
    expect(filterStyleSheet(given)).toBe(kept);
  });

  it.each(
    [
      `@import "//evil";`,
      `@import url(//evil);`,
      `@font-face{font-family:x;src:url(//evil)}`,
      ".a{background:url(//evil)}",
      ".a{background:URL('//evil')}",
      String.raw`.a{background:u\72l(//evil)}`,
      ".a{background:image-set('//evil' 1x)}",
      ".a{--x:url(//evil)}",
      ".a{position:fixed}",
      ".a{position:sticky}",
      ".a{position:var(--p)}",
      String.raw`.a{posi\74ion:fixed}`,
      ".a{width:expression(alert(1))}",
      ".a{behavior:url(x.htc)}",
      ".a{-moz-binding:url(x)}",
      '.a::after{content:"€5"}',
      '.a::after{content:"5"}',
      ".a::after{content:attr(title)}",
      ".a::after{content:counter(x)}",
      ".a::after{content:var(--t)}",
      ".a{quotes:var(--t) var(--t)}",
      '.a{quotes:"EUR" "9"}',
      '.a{text-emphasis:"9"}',
      ".a{text-emphasis-style:var(--t)}",
      '.a{text-overflow:"9"}',
      ".price{direction:rtl;unicode-bidi:bidi-override}",
      ".price{color:transparent}",
      ".price{color:#FFF0}",
      ".price{color:#00000000}",
      ".price{color:rgba(0,0,0,0)}",
      ".price{color:rgb(0 0 0 / 0%)}",
      ".price{color:hsl(0 0% 0%/.0)}",
      "body{display:none}",
      "html body{visibility:hidden}",
      ":root{opacity:0}",
      "body+footer{display:none}",
      "body~*{display:none}",
      ":root+.made{display:none}",
      '.a{content:"</style><script>alert(1)</script>"}',
      "@namespace x url(//evil);",
      "@page{margin:0}",
      "@layer x{.a{color:red}}",
      "</style><script>alert(1)</script>",
      ".a{color:red",
    ].filter((one) => one !== ".a{color:red"),
  )("loses %s", (given) => {
    expect(filterStyleSheet(given)).toBe("");
  });

  it.each([
    ".a{display:none}",
    ".a{color:#fff}",
    ".a{color:rgb(0 0 0/.5)}",
    ".a{color:rgb(0 0 0)}",
    ".a{color:rgb(9,9,0)}",
    ".a{color:rgba(9,9,0,.5)}",
    ".a{color:#102030}",
    ".a{background:transparent}",
  ])("keeps what hides no price by itself: %s", (given) => {
    expect(filterStyleSheet(given)).toBe(`#wand-made ${given}`);
  });

  it("loses !important, so that ours stands above it", () => {
    expect(filterStyleSheet(".made,.price{display:none!important}")).toBe(
      "#wand-made .made,#wand-made .price{display:none}",
    );
  });
});

describe("the check", () => {
  const page = read(document("<p>fine</p>"));
  const allowed = {
    links: new Set(["https://shop.example/", ...products.map(({ url }) => url)]),
    pictures: new Set(["https://cdn.example/elder.jpg"]),
    script: "/assets/a.js",
    canonical: "https://edge.example/s/a-shop",
    ownCss: page.css,
    madeId: "wand-made",
  };
  const spoilt = (from: string, to: string): string => {
    expect(page.html).toContain(from);
    return page.html.replace(from, () => to);
  };

  it("lets a good page pass", () => {
    expect(faultsOf(page.html, allowed)).toEqual([]);
  });

  it.each([
    "<script>1</script>",
    "<script src=//evil></script>",
    `<script type="application/ld+json">{"a":</script>`,
    "<p onclick=1>x</p>",
    "<p style='color:red'>x</p>",
    "<a href='javascript:alert(1)'>x</a>",
    "<a href='java\tscript:alert(1)'>x</a>",
    "<a href='https://evil.example'>x</a>",
    "<a href='/elsewhere'>x</a>",
    "<img src=https://evil.example/x.png>",
    "<img src=x onerror=1>",
    "<iframe src=//evil></iframe>",
    "<object data=//evil></object>",
    "<embed src=//evil>",
    "<form action=//evil></form>",
    "<button formaction=//evil>x</button>",
    "<meta http-equiv=refresh content=0>",
    "<base href=//evil>",
    "<link rel=stylesheet href=//evil>",
    "<style>a{}</style>",
    "<svg><script>1</script></svg>",
    "<svg><a href='javascript:1'></a></svg>",
    "<svg><use href='//evil#x'/></svg>",
    "<svg><animate attributeName=href values=javascript:1 /></svg>",
    "<svg><foreignObject><p>x</p></foreignObject></svg>",
    "<svg onload=1></svg>",
    "<svg><path fill='url(//evil)'/></svg>",
    "<math><mtext>x</mtext></math>",
    "<template><p>x</p></template>",
    "<!-- a comment -->",
    "<p>Only €5</p>",
    "<p>See https://evil.example</p>",
    "<p>www.evil.example</p>",
    "<p>Mail a@evil</p>",
    "<p>Warm \u202eand dry</p>",
    "<p title='£5'>x</p>",
    "<ol start=99><li>x</li></ol>",
    "<noscript>x</noscript>",
    "<my-element>x</my-element>",
    "<video src=//evil></video>",
  ])("refuses %s", (bad) => {
    expect(faultsOf(spoilt("<p>fine</p>", bad), allowed)).not.toEqual([]);
  });

  it.each([
    "@import 'x';",
    ".a{color:red}",
    "#wand-made .a{background:url(x)}",
    "#wand-made .a{position:fixed}",
    "#wand-made .a{color:red!important}",
    String.raw`#wand-made .a{color:\72 ed}`,
    "#wand-made .a,.made{color:red}",
    "@media (width){.made{display:none}}",
    "#wand-made .a{width:expression(1)}",
  ])("refuses a style sheet with %s", (css) => {
    expect(faultsOf(page.html.replace("</style>", `${css}</style>`), allowed)).not.toEqual([]);
  });

  it("refuses a page without the mark, or with it in the model's part alone", () => {
    const without = spoilt(`data-generator-kind="ai"`, "");
    expect(faultsOf(without, allowed)).not.toEqual([]);
    expect(faultsOf(without.replace("<p>fine</p>", `<p data-generator-kind="ai">AI</p>`), allowed)).not.toEqual([]);
  });
});
