import type { GenerateRequest, GenerateResponse } from "../../../runtime/contract/generate";
import { PERSONA_TYPES } from "../../../runtime/contract/persona";
import { WebUrl } from "../../../runtime/contract/product";
import { BrandSchema } from "../../../runtime/contract/store";
import { changesWhenRead } from "../support/xss/audit";
import { batches, describeAttacks, PAYLOADS, WITH_PAYLOADS } from "../support/xss/payloads";
import { generateWith, type Says } from "../support/xss/inProcess";
import { breachesIn, requestFor, saleable, saying } from "../support/xss/shop";

const plain = [0, 1, 2].map((index) => saleable(`p${index}`, index));
const ids = plain.map(({ id }) => id);
const layout = (...sections: object[]): string => JSON.stringify({ sections });
const hero = { type: "hero", id: "hero", config: { title: "Hello", cta_text: "Look", product_id: "p0" } };
const grid = (product_ids: string[]): object => ({
  type: "grid",
  id: "grid",
  config: {
    title: "All",
    product_ids,
    item: "row",
    show: ["description", "vendor", "saving", "tags", "options", "stock"],
  },
});
const good: Says = () =>
  layout(hero, { type: "filters", id: "f", config: { facets: ["category", "price"] } }, grid(ids));

/** Pages that were judged already: an answer that cannot be used gives the template's page each time. */
const judged = new Set<string>();

async function expectSafe(request: GenerateRequest, says: Says, what: unknown): Promise<GenerateResponse> {
  const page = await generateWith(request, says);
  if (judged.has(page.ui.html)) return page;
  expect({ what, breaches: breachesIn(page, request) }).toEqual({ what, breaches: [] });
  judged.add(page.ui.html);
  return page;
}

describeAttacks(`a layout's page under attack (${WITH_PAYLOADS})`, () => {
  it("by every word of products runs nothing, with a model and without", async () => {
    for (const [at, lines] of batches(90).entries()) {
      const products = lines.map((line, index) => saying(line, index));
      const show = () => layout(hero, grid(products.map(({ id }) => id)));
      // A collector's page shows all that is known of a product; the other kinds of pages take turns.
      for (const type of ["collector", PERSONA_TYPES[at % PERSONA_TYPES.length] ?? "unknown"] as const) {
        const request = requestFor(products);
        request.persona = { ...request.persona, type };
        const page = await expectSafe(request, show, [type, at]);
        expect(page.meta.source).toBe("model");
        expect(changesWhenRead(page.ui.html)).toBe(false);
        await expectSafe({ ...request, options: { template_only: true } }, show, [type, at, "template"]);
      }
    }
  });

  it("by products' ids runs nothing", async () => {
    for (const [at, lines] of batches(90).entries()) {
      const products = [...new Set(lines)].map((line, index) => saleable(line.slice(0, 255), index));
      const unique = [...new Map(products.map((one) => [one.id, one])).values()];
      await expectSafe(requestFor(unique), () => layout(grid(unique.map(({ id }) => id))), at);
    }
  });

  it("by the words of shop, brand and shopper runs nothing; fonts and colours are none of it", async () => {
    for (const line of PAYLOADS) {
      const request = requestFor(plain);
      const { signals } = request.persona;
      request.persona = {
        ...request.persona,
        signals: { ...signals, category_preferences: [line.slice(0, 100)], browsing_patterns: [line.slice(0, 60)] },
      };
      const brand = {
        ...request.shop.brand_guidelines,
        tone: line.slice(0, 300),
        tagline: line.slice(0, 160),
        mark: line.slice(0, 8),
      };
      const fonts = BrandSchema.shape.font_family.safeParse(line);
      request.shop = {
        ...request.shop,
        shop_id: line.slice(0, 80),
        name: line.slice(0, 120),
        locale: line.slice(0, 35),
        catalogue_version: line.slice(0, 64),
        brand_guidelines: { ...brand, ...(fonts.success && { font_family: line }) },
      };
      await expectSafe(request, good, line);
      expect(BrandSchema.safeParse({ ...brand, primary_color: line }).success).toBe(false);
    }
  });

  it("by addresses of products, pictures and pages is refused, or leads where the address plainly does", async () => {
    const refused: string[] = [];
    for (const line of PAYLOADS) {
      const wrong = requestFor([saleable("p0", 0, { url: line, image_url: line }), ...plain.slice(1)]);
      await expectSafe(wrong, good, line).catch((error: Error) => {
        if (error.name !== "WandError") throw error;
        refused.push(line);
      });
    }
    expect(
      PAYLOADS.filter((line) => !refused.includes(line)).filter((line) => !/^https?:\/\/[\w.-]+\//.test(line)),
    ).toEqual([]);
  });

  it("by what stands behind the host of an address runs nothing", async () => {
    const addresses = PAYLOADS.map((line) => `https://cdn.example/${line}`.slice(0, 2048));
    const allowed = addresses.filter((url) => WebUrl.safeParse(url).success);
    expect(allowed.length).toBeGreaterThan(PAYLOADS.length / 2);
    for (let at = 0; at < allowed.length; at += 90) {
      const products = allowed
        .slice(at, at + 90)
        .map((url, index) => saleable(`p${index}`, index, { url, image_url: url }));
      await expectSafe(requestFor(products), () => layout(grid(products.map(({ id }) => id))), at);
    }
  });

  it("by a model's words in every place of a section runs nothing and shows no markup", async () => {
    const cut = (line: string, max: number): string => line.slice(0, max).trim() || "x";
    const sections: Record<string, (line: string) => object> = {
      hero: (line) => ({ title: cut(line, 90), subtitle: cut(line, 220), cta_text: cut(line, 40), product_id: "p0" }),
      grid: (line) => ({ title: cut(line, 90), product_ids: ids }),
      filters: (line) => ({ title: cut(line, 60), facets: ["category", "saving"] }),
      recommendations: (line) => ({ title: cut(line, 90), reason: cut(line, 200), product_ids: ids }),
      cta: (line) => ({ title: cut(line, 90), text: cut(line, 240), cta_text: cut(line, 40), product_id: "p1" }),
    };
    const request = requestFor(plain);
    for (const lines of batches(12)) {
      for (const [type, config] of Object.entries(sections)) {
        const answer = layout(...lines.map((line, index) => ({ type, id: `s${index}`, config: config(line) })));
        const page = await expectSafe(request, () => answer, lines);
        expect(page.meta.source).toBe("model");
        expect(page.ui.html).not.toMatch(/&lt;\/?(script|img|svg|iframe)/i);
      }
    }
  });

  it("by anything else that a model can answer runs nothing", async () => {
    const request = requestFor(plain);
    let made = 0;
    for (const line of PAYLOADS) {
      const odd = [
        line,
        JSON.stringify({ sections: line, [line]: line }),
        `${line}${layout({ ...hero, id: line, style: line, onclick: line }, grid([line, "p1"]))}${line}`,
        layout(
          { ...hero, config: { ...hero.config, product_id: line, html: line, url: line } },
          { ...grid([line, "p1"]), class: line },
        ),
        layout(hero, { type: "filters", id: "f", config: { facets: [line] } }, { type: line, id: "x", config: {} }),
      ];
      // A page takes a few milliseconds to judge: each line tries one of these ways, and all lines together try all of them.
      const answer = odd[made++ % odd.length] ?? "";
      await expectSafe(request, () => answer, line);
    }
  });
});
