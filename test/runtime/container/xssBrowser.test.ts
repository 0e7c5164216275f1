import { createServer, type Server } from "node:http";
import { type Browser, chromium } from "playwright-core";
import { toProduct, toShopFace } from "../../../runtime/container/generation/product";
import { sanitise } from "../../../runtime/container/html/sanitise";
import type { LayoutSpec } from "../../../runtime/contract/layout";
import { PERSONA_TYPES } from "../../../runtime/contract/persona";
import { compose, lookOf, ownCss, render, SLOT, type PageFacts, type RenderedPage } from "../../../runtime/page";
import { pagePolicy } from "../../../runtime/worker/http/securityHeaders";
import { close, listen } from "../../support/loopback";
import { CHROMIUM, CHROMIUM_FLAGS } from "../../support/skip";
import { batches, PAYLOADS, WITH_PAYLOADS } from "../support/xss/payloads";
import { requestFor, saying, SCRIPT, SHOP_URL } from "../support/xss/shop";
import { Trap } from "../support/xss/trap";

const inBrowser = CHROMIUM === undefined || PAYLOADS.length === 0 ? describe.skip : describe;
const BROWSER = CHROMIUM ?? "skipped: no Chromium was found; set CHROMIUM_PATH to one";
const RAW = `<!doctype html><title>x</title><img src=x onerror=alert(1)><script>confirm(1)</script><img src="https://evil.example/a"><p onclick="window.open('/')">x</p>`;

/** A shop whose words are all attacks; the look changes from page to page. */
function hostile(lines: readonly string[], at: number, origin: string): PageFacts {
  const products = lines.map((line, index) => ({
    ...saying(line, index),
    image_url: index % 8 === 7 ? null : `${origin}/picture`,
  }));
  const request = requestFor(products);
  const [first = "", second = ""] = lines;
  request.shop.name = first.slice(0, 120);
  request.shop.brand_guidelines = {
    ...request.shop.brand_guidelines,
    tone: second.slice(0, 300),
    tagline: second.slice(0, 160),
    mark: first.slice(0, 8),
  };
  return {
    persona: PERSONA_TYPES[at % PERSONA_TYPES.length] ?? "unknown",
    shop: toShopFace(request.shop),
    products: products.map((one) => toProduct(one, SHOP_URL)),
    page: { canonicalUrl: `${origin}/s/a-shop`, scriptUrl: SCRIPT, source: "model" },
  };
}

/** The renderer alone, given words that no rule has looked at. */
function layoutPage(lines: readonly string[], facts: PageFacts): RenderedPage {
  const ids = facts.products.map(({ id }) => id);
  const sections = lines.flatMap((line, index): LayoutSpec["sections"] => {
    const [title, text, cta_text] = [line.slice(0, 90), line.slice(0, 200), line.slice(0, 40)];
    switch (index % 5) {
      case 0:
        return [
          {
            type: "hero",
            id: `s${index}`,
            config: { title, subtitle: text, cta_text, style: "split", product_id: ids[index] },
          },
        ];
      case 1:
        return [
          { type: "recommendations", id: `s${index}`, config: { title, reason: text, product_ids: ids.slice(0, 3) } },
        ];
      case 2:
        return [{ type: "cta", id: `s${index}`, config: { title, text, cta_text } }];
      case 3:
        return [{ type: "filters", id: `s${index}`, config: { title, facets: ["category", "price"] } }];
      default:
        return [
          {
            type: "grid",
            id: `s${index}`,
            config: {
              title,
              columns: 3,
              product_ids: ids.slice(index, index + 3),
              density: "regular",
              item: "row",
              show: ["description", "vendor", "tags", "options"],
            },
          },
        ];
    }
  });
  return render({
    ...facts,
    page: { ...facts.page, privacy: "on" },
    layout: { version: 1, persona: facts.persona, sections },
  });
}

/**
 * What a model wrote, a document for each attack: made safe one by one, so that none hides another, and put together on one page
 * without the check that would refuse what slipped through.
 */
function htmlPage(lines: readonly string[], facts: PageFacts): RenderedPage | undefined {
  const look = lookOf(facts.shop.brand);
  const own = ownCss(look);
  const catalogue = { ids: new Set(facts.products.map(({ id }) => id)), byAddress: new Map<string, string>() };
  const parts = lines.map((line, index) => {
    const places = `<div title="${line}" id='${line}' style="${line}">x</div><a href="${line}">x</a><p class=${line}>${line}</p>`;
    const document = `<style>${line}</style>${places}${line}<ul><li data-product-id="p${index}">${line}</li></ul>`;
    return sanitise(document, catalogue, look);
  });
  const bodies = parts.map(({ body }, index) => `<section>${body}${slot(`p${index}`)}</section>`);
  return compose({ body: bodies.join(""), css: own + parts.map(({ css }) => css.slice(own.length)).join("") }, facts);
}

const slot = (id: string): string =>
  `<!--${SLOT.product(id)}--><article data-product-id="${id}"><!--${SLOT.facts}--><!--${SLOT.factsEnd}--></article><!--${SLOT.productEnd}-->`;

inBrowser(`pages under attack in a browser (${WITH_PAYLOADS}; ${BROWSER})`, () => {
  const pages = new Map<string, RenderedPage>();
  let server: Server;
  let browser: Browser;
  let trap: Trap;
  let origin: string;

  beforeAll(async () => {
    server = createServer(({ url = "" }, response) => {
      const [, guard, name = ""] = url.split("/");
      const page = pages.get(name);
      if (url === "/picture")
        return void response
          .writeHead(200, { "Content-Type": "image/svg+xml" })
          .end("<svg xmlns='http://www.w3.org/2000/svg'/>");
      if (page === undefined && name !== "raw")
        return void response.writeHead(200, { "Content-Type": "text/javascript" }).end("");
      const shop = { ...requestFor([]).shop, shop_url: SHOP_URL, imageOrigins: [origin] };
      const policy = pagePolicy(shop as unknown as Parameters<typeof pagePolicy>[0], page?.cspHash ?? "sha256-x");
      response.writeHead(200, {
        "Content-Type": "text/html; charset=utf-8",
        ...(guard === "guarded" && { "Content-Security-Policy": policy }),
      });
      response.end(page?.html ?? RAW);
    });
    origin = await listen(server);
    for (const [at, lines] of batches(80).entries()) {
      const facts = hostile(lines, at, origin);
      pages.set(`layout-${at}`, layoutPage(lines, facts));
      const page = htmlPage(lines, facts);
      if (page !== undefined) pages.set(`html-${at}`, page);
    }
    browser = await chromium.launch({ executablePath: CHROMIUM, args: CHROMIUM_FLAGS });
    trap = await Trap.set(await browser.newContext(), origin);
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    await close(server);
  });

  it("would be seen: a page with nothing made safe is caught, with the policy and without", async () => {
    const bare = await trap.spring("/bare/raw");
    expect(bare.seen.join("; ")).toMatch(/asked https:\/\/evil\.example\/a.*confirm 1.*alert 1.*open \//);
    const guarded = await trap.spring("/guarded/raw");
    expect(guarded.seen.join("; ")).toMatch(/policy script-src-elem inline/);
    expect(guarded.seen.join("; ")).not.toMatch(/confirm|alert|open/);
  });

  it.each(["guarded", "bare"])(
    "run nothing, break no policy and ask nobody else when they are %s",
    async (guard) => {
      expect(pages.size).toBe(2 * batches(80).length);
      for (const name of pages.keys()) {
        const { seen, places } = await trap.spring(`/${guard}/${name}`);
        const elsewhere = places.filter((place) => ![origin, new URL(SHOP_URL).origin].includes(place));
        expect({ name, seen, elsewhere }).toEqual({ name, seen: [], elsewhere: [] });
      }
    },
    120_000,
  );

  it("show a price whole and as it is read, whatever a model's style sheet tries", async () => {
    const facts = hostile(["Wand", "Robe"], 1, origin);
    const css = `.price,.price *{width:2ch;max-width:2ch;overflow:hidden;direction:rtl;unicode-bidi:bidi-override;letter-spacing:-1em;
      clip-path:inset(0 80% 0 0);transform:scaleX(-1);text-indent:-9rem;color:transparent}.price s{color:red}.price strong{display:none;font-size:0;opacity:0}
      .price::before,.price strong::after{content:"-"}.price s{text-decoration:none}[data-product-id]{width:1ch;overflow:hidden;opacity:0;visibility:hidden}`;
    const look = lookOf(facts.shop.brand);
    const document = `<style>${css}</style><ul><li data-product-id="p0"></li></ul>`;
    const page = compose(sanitise(document, { ids: new Set(["p0"]), byAddress: new Map() }, look), facts);
    expect(page?.css).toContain("-9rem");
    if (page !== undefined) pages.set("price", page);
    await trap.spring("/bare/price");
    const shown = await trap.page.evaluate<Record<string, unknown>>(`(() => {
      const price = document.querySelector("#wand-made .price");
      const strong = price.querySelector("strong");
      const [box, text] = [strong.closest("[data-product-id]").getBoundingClientRect(), strong.getBoundingClientRect()];
      const { direction, unicodeBidi, transform, clipPath, overflow, letterSpacing } = getComputedStyle(strong);
      const size = parseFloat(getComputedStyle(strong).fontSize);
      return { words: strong.innerText, direction, unicodeBidi, transform, clipPath, overflow, letterSpacing,
        opacity: getComputedStyle(strong.closest("[data-product-id]")).opacity,
        isWide: text.width > size * 3, isInside: text.left >= box.left && text.right <= box.right + 1,
        isAlike: getComputedStyle(strong).color === getComputedStyle(price.querySelector("s")).color,
        before: getComputedStyle(price, "::before").content, after: getComputedStyle(strong, "::after").content };
    })()`);
    expect(shown).toEqual({
      words: "From £20.00",
      direction: "ltr",
      unicodeBidi: "normal",
      transform: "none",
      clipPath: "none",
      overflow: "visible",
      letterSpacing: "normal",
      opacity: "1",
      isWide: true,
      isInside: true,
      isAlike: true,
      before: "none",
      after: "none",
    });
  });
});
