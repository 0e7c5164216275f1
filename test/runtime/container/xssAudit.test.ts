import { createHash } from "node:crypto";
import { breachesOf, changesWhenRead, type Expected } from "../support/xss/audit";

const CSS = ".a{color:red}";
const hash = (css: string): string => `sha256-${createHash("sha256").update(css).digest("base64")}`;
const expected: Expected = {
  script: "/assets/a.js",
  cspHash: hash(CSS),
  links: ["https://shop.example/", "https://shop.example/products/a"],
  pictures: ["https://cdn.example/a.jpg"],
  forms: ["/api/cart"],
  canonical: "https://edge.example/s/a",
};

const HEAD = `<meta charset="utf-8"><title>x</title><link rel="canonical" href="https://edge.example/s/a">`;
const page = (body: string, css = CSS, head = ""): string =>
  `<!DOCTYPE html><html lang="en"><head>${HEAD}<style>${css}</style><script type="application/ld+json">{"a":"\\u003c"}</script><script src="/assets/a.js" type="module"></script>${head}</head><body>${body}</body></html>`;
const GOOD = `<!--wand:page--><main id="main"><h1>Hi</h1><a href="#main">1</a><a href="https://shop.example/products/a">2</a>
<img src="https://cdn.example/a.jpg" alt="javascript:alert(1)" title="x onerror=1"><svg viewBox="0 0 1 1"><defs><path id="p" d="M0 0"></path></defs><use href="#p"></use><path fill="url(#p)"></path></svg>
<form action="/api/cart" method="post"><input type="hidden" name="a" value="javascript:1"><button type="submit">Buy</button></form><p>javascript:alert(1) &lt;script&gt;</p></main><!--/wand:page-->`;

describe("the judge of pages", () => {
  it("finds nothing on a good page", () => {
    expect(breachesOf(page(GOOD), expected)).toEqual([]);
  });

  it.each([
    ["an inline script", "<script>1</script>", "a script"],
    ["another script", `<script src="https://evil.example/a.js"></script>`, "a script"],
    ["our script with something in it", `<script src="/assets/a.js">1</script>`, "a script"],
    ["data that is none", `<script type="application/ld+json">{</script>`, "no JSON"],
    ["a comment in data", `<script type="application/ld+json">"<!--"</script>`, "no JSON"],
    ["a handler", `<p onclick="1">x</p>`, "a handler"],
    ["a handler in capitals", `<img SRC="https://cdn.example/a.jpg" ONERROR="1">`, "a handler"],
    ["a handler in a drawing", `<svg onload="1"></svg>`, "a handler"],
    ["a style attribute", `<p style="color:red">x</p>`, "not allowed"],
    ["a javascript link", `<a href="javascript:alert(1)">x</a>`, "javascript:"],
    ["one with white space", `<a href=" java&#10;script&Tab;:alert(1)">x</a>`, "javascript:"],
    ["one with control characters", `<a href="&#1;javascript:alert(1)">x</a>`, "javascript:"],
    ["a vbscript link", `<a href="vbscript:x">x</a>`, "vbscript:"],
    ["a data link", `<a href="data:text/html,x">x</a>`, "data:"],
    ["a data picture", `<img src="data:image/svg+xml,x" alt="">`, "data:"],
    ["a link elsewhere", `<a href="https://evil.example/">x</a>`, "a link elsewhere"],
    ["a link to another path", `<a href="/other">x</a>`, "a link elsewhere"],
    ["a link without scheme", `<a href="//evil.example">x</a>`, "a link elsewhere"],
    ["a near miss of a link", `<a href="https://shop.example/products/a?x">x</a>`, "a link elsewhere"],
    ["a picture from elsewhere", `<img src="https://evil.example/a.jpg" alt="">`, "a picture from elsewhere"],
    [
      "a set of pictures",
      `<img src="https://cdn.example/a.jpg" srcset="https://evil.example/a.jpg 2x" alt="">`,
      "srcset",
    ],
    ["a form to elsewhere", `<form action="https://evil.example/"></form>`, "a form to elsewhere"],
    ["a form without a place", `<form><button>x</button></form>`, "leads anywhere"],
    [
      "a button that changes a form",
      `<form action="/api/cart"><button formaction="//evil">x</button></form>`,
      "formaction",
    ],
    ["a field", `<form action="/api/cart"><input type="password"></form>`, "a field"],
    ["a poster", `<video poster="javascript:1"></video>`, "<video>"],
    ["a frame", `<iframe src="//evil"></iframe>`, "<iframe>"],
    ["a frame with a document", `<iframe srcdoc="x"></iframe>`, "srcdoc"],
    ["an object", `<object data="//evil"></object>`, "<object>"],
    ["an embed", `<embed src="//evil">`, "<embed>"],
    ["a template", `<template><script>1</script></template>`, "a template"],
    [
      "what is shown without scripts",
      `<noscript><p title="</noscript><img src=x onerror=1>"></noscript>`,
      "<noscript>",
    ],
    ["mathematics", `<math><mtext>x</mtext></math>`, "<math>"],
    ["a script in a drawing", `<svg><script>1</script></svg>`, "a script in a drawing"],
    ["a link in a drawing", `<svg><a xlink:href="javascript:1"></a></svg>`, "javascript:"],
    ["a use of another file", `<svg><use href="//evil#x"></use></svg>`, "leads elsewhere"],
    [
      "an animation of a link",
      `<svg><animate attributeName="href" values="javascript:1"></animate></svg>`,
      "<animate>",
    ],
    ["foreign content", `<svg><foreignObject><p>x</p></foreignObject></svg>`, "<foreignObject>"],
    ["a paint from elsewhere", `<svg><path fill="url(//evil)"></path></svg>`, "an address"],
    ["an element of its own", `<my-thing>x</my-thing>`, "<my-thing>"],
    ["a ping", `<a href="#main" ping="https://evil.example/">x</a>`, "ping"],
    ["a comment", `<!-- x -->`, "a comment"],
    ["a conditional comment", `<!--[if IE]>x<![endif]-->`, "a comment"],
    ["a second style element", `<style>.b{}</style>`, "2 style elements"],
    ["what does not parse", `<p title="a"b="c">x</p>`, "does not parse"],
  ])("sees %s", (_name, bad, breach) => {
    expect(breachesOf(page(GOOD + bad), expected).join("; ")).toContain(breach);
  });

  it.each([
    ["a base", `<base href="https://evil.example/">`, "<base>"],
    ["a refresh", `<meta http-equiv="refresh" content="0;url=//evil">`, "http-equiv"],
    ["a linked style sheet", `<link rel="stylesheet" href="//evil">`, "a linked file"],
    ["a preload", `<link rel="preload" href="https://edge.example/s/a">`, "a linked file"],
  ])("sees %s in the head", (_name, bad, breach) => {
    expect(breachesOf(page(GOOD, CSS, bad), expected).join("; ")).toContain(breach);
  });

  it.each([
    ["an import", "@import '//evil';", "a rule that loads"],
    ["an address", ".a{background:url(//evil)}", "an address"],
    ["an address in capitals", ".a{background:URL(//evil)}", "an address"],
    ["an escaped address", String.raw`.a{background:u\72 l(//evil)}`, "an address"],
    ["an address behind a comment", ".a{background:/*x*/url(//evil)}", "an address"],
    ["an expression", ".a{width:expression(alert(1))}", "an address"],
    ["a font", "@font-face{font-family:x}", "a rule that loads"],
    ["a binding", ".a{-moz-binding:x}", "a style that runs"],
    ["an end of its element", ".a{}<!--", "markup"],
  ])("sees %s in the style sheet", (_name, css, breach) => {
    expect(breachesOf(page(GOOD, css), { ...expected, cspHash: hash(css) }).join("; ")).toContain(breach);
  });

  it("sees a style sheet that the policy does not name, and one that is missing", () => {
    expect(breachesOf(page(GOOD, ".a{color:blue}"), expected)).toEqual(["a style sheet of another hash"]);
    expect(breachesOf(page(GOOD).replace(/<style>.*<\/style>/, ""), expected)).toEqual(["0 style elements"]);
  });

  it.each([
    ["is read once more", `<form><div></form><form>x</form>`],
    ["is read without scripts", `<noscript><p title="</noscript><b>x</b>"></noscript>`],
  ])("sees a page that is another one when it %s", (_name, bad) => {
    expect(changesWhenRead(page(GOOD))).toBe(false);
    expect(changesWhenRead(page(GOOD + bad))).toBe(true);
  });
});
