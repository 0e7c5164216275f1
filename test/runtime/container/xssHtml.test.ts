import { WandError } from "../../../runtime/contract/errors";
import type { GenerateRequest } from "../../../runtime/contract/generate";
import { readPage, type WrittenPage } from "../../../runtime/container/html/page";
import { toProduct, toShopFace } from "../../../runtime/container/generation/product";
import type { PageFacts } from "../../../runtime/page";
import { breachesOf, changesWhenRead } from "../support/xss/audit";
import { generateWith } from "../support/xss/inProcess";
import { batches, describeAttacks, PAYLOADS, WITH_PAYLOADS } from "../support/xss/payloads";
import { allowedBy, breachesIn, requestFor, saleable, saying } from "../support/xss/shop";

const request = requestFor([0, 1].map((index) => saleable(`p${index}`, index)));
const CARD = `<li class="card" data-product-id="p0"></li>`;

function factsOf({ shop, persona, page }: GenerateRequest): PageFacts {
  return {
    persona: persona.type,
    shop: toShopFace(shop),
    products: shop.products.map((one) => toProduct(one, shop.shop_url)),
    page: { canonicalUrl: page?.canonical_url, scriptUrl: page?.script_url, source: "model" } as PageFacts["page"],
  };
}
const facts = factsOf(request);
const limits = { persona: "explorer", productIds: new Set(["p0", "p1"]) } as const;

/** The page of an answer, judged; undefined where it was refused, which is a defence as well, and nothing else may be thrown. */
function judged(html: string, line: string, components: unknown = []): WrittenPage | undefined {
  let page: WrittenPage;
  try {
    page = readPage(JSON.stringify({ html, components }), facts, limits);
  } catch (error) {
    expect(error).toBeInstanceOf(WandError);
    return undefined;
  }
  const breaches = breachesOf(page.html, allowedBy(request, page.cspHash));
  if (changesWhenRead(modelsPart(page.html))) breaches.push("changes when it is read again");
  expect({ line, breaches }).toEqual({ line, breaches: [] });
  return page;
}

/** What is between our marks, without the rest of the page, which is ours and takes longer to read. */
const modelsPart = (html: string): string =>
  `<!doctype html><title>x</title>${html.slice(html.indexOf("<!--wand:page-->"), html.indexOf("<!--/wand:page-->"))}`;

/** Pages that were served of all those written; an attack that only ever fails the page would prove little. */
function servedOf(write: (line: string) => string, components?: (line: string) => unknown): number {
  return PAYLOADS.filter((line) => judged(write(line), line, components?.(line)) !== undefined).length;
}

describeAttacks(`a model's page under attack (${WITH_PAYLOADS})`, () => {
  it("as a whole document runs nothing", () => {
    expect(servedOf((line) => `${line}${CARD}${line}`)).toBeGreaterThan(PAYLOADS.length * 0.8);
  });

  it("in its text, in every kind of attribute, in its style sheet and in what it says of itself runs nothing", () => {
    const served = servedOf(
      (line) => `<!doctype html><html lang="${line}"><head><title>${line}</title><style>${line}</style>
        <style>.${line}{color:${line}}.a::before{content:"${line}"}.b{--x:${line};background:${line}}</style></head>
        <body class="${line}"><ul>${CARD}</ul><p title="${line}" id='${line}' class="${line}">x</p><p aria-label=${line}>x</p>
        <p style="${line}">x</p><p style='color:${line}'>x</p><a href="${line}">x</a><a href='https://shop.example/products/p0${line}'>x</a>
        <img src="${line}" alt='${line}'><form action="${line}"><button formaction='${line}'>x</button></form>
        <li data-product-id="${line}">${line}</li><li data-product-id='${line}'>x</li><a data-product-link="${line}">x</a>
        <a data-product-link='p0' href="${line}">x</a><svg><a xlink:href="${line}"><text>${line}</text></a></svg>
        <p>${line}</p><!--${line}--><textarea>${line}</textarea></body></html>`,
      (line) => [
        { type: "hero", id: "h", config: { title: line.slice(0, 90), cta_text: "Go", product_id: line } },
        { type: line, id: line, config: line },
        line,
      ],
    );
    expect(served).toBeGreaterThan(PAYLOADS.length * 0.8);
  });

  it("by the words and the ids of products and of the shop runs nothing and takes nothing off the page", async () => {
    for (const [at, lines] of batches(90).entries()) {
      const line = lines.join(" ");
      const body = requestFor(lines.map((one, index) => saying(one, index)));
      body.options = { format: "html" };
      body.shop = {
        ...body.shop,
        name: line.slice(0, 120),
        brand_guidelines: { ...body.shop.brand_guidelines, tone: line.slice(0, 300), tagline: line.slice(0, 160) },
      };
      const html = `<ul>${body.shop.products.map(({ id }) => `<li data-product-id="${id}"></li>`).join("")}</ul>`;
      const page = await generateWith(body, () => JSON.stringify({ html }));
      expect({ at, format: page.ui.format, breaches: breachesIn(page, body) }).toEqual({
        at,
        format: "html",
        breaches: [],
      });
      expect(page.ui.html.match(/<article|<li data-product-id|<li class="[^"]*" data-product-id/g)?.length).toBe(
        lines.length,
      );
    }
    const odd = [...new Set(PAYLOADS.map((line) => line.slice(0, 255)))].slice(0, 150);
    const body = requestFor([...odd.map((id, index) => saleable(id, index)), saleable("plain", 199)]);
    body.options = { format: "html" };
    const items = body.shop.products.map(
      ({ id }) => `<li data-product-id='${id.replaceAll("&", "&amp;").replaceAll("'", "&#39;")}'></li>`,
    );
    const page = await generateWith(body, () => JSON.stringify({ html: `<ul>${items.join("")}</ul>` }));
    expect({ format: page.ui.format, breaches: breachesIn(page, body) }).toEqual({ format: "html", breaches: [] });
  });
});
