import * as fc from "fast-check";
import { beginningOf, wholeObjects } from "../../../runtime/container/generation/cut";
import type { LayoutLimits } from "../../../runtime/container/generation/layout";
import { missingOf, salvageLayout, wholePartOfPage } from "../../../runtime/container/generation/partial";
import { FAULTS } from "../../../runtime/contract/errors";
import { GenerateResponseSchema } from "../../../runtime/contract/generate";
import { LayoutSpecSchema, type LayoutSpec } from "../../../runtime/contract/layout";
import { canonicalBody, MODEL_TITLE } from "./fixtures";
import type { Reply } from "./modelStub";
import { closeScenes, startScene } from "./modelsScene";

afterEach(closeScenes);

const limits: LayoutLimits = { persona: "collector", productIds: new Set(["a", "b"]) };
const hero = { type: "hero", id: "hero_main", config: { title: 'A "quoted" {title}]', cta_text: "Go" } };
const grid = { type: "grid", id: "grid_main", config: { product_ids: ["b", "gone"] } };
const filters = { type: "filters", id: "filters_main", config: { facets: ["price"] } };
const cta = { type: "cta", id: "cta_main", config: { title: "T", cta_text: "Go" } };
const write = (...sections: object[]): string => JSON.stringify({ sections });
const template: LayoutSpec = LayoutSpecSchema.parse({
  version: 1,
  persona: "collector",
  sections: [hero, { type: "grid", id: "template_grid", config: { product_ids: ["a"] } }],
});
const typesOf = (text: string): string[] | undefined =>
  salvageLayout(text, limits, template)?.layout.sections.map(({ id }) => id);

describe("JSON that breaks off", () => {
  const text = write(hero, grid, cta);
  it("has the objects that are whole, wherever it is cut", () => {
    fc.assert(
      fc.property(fc.nat(text.length), (length) => {
        const { whole } = wholeObjects(text.slice(0, length), "sections");
        expect([hero, grid, cta].slice(0, whole.length)).toEqual(whole);
        expect(whole.length).toBe([hero, grid, cta].filter((_one, index) => length >= endOf(index)).length);
      }),
    );
  });
  it("has nothing behind the end of the list", () => {
    expect(wholeObjects(text, "sections")).toEqual({ whole: [hero, grid, cta], rest: "" });
    expect(wholeObjects("[]", "sections")).toEqual({ whole: [], rest: "" });
  });
  it("leaves out an object that is spoilt, and has those behind it", () => {
    const spoilt = write(hero, grid, cta).replace('"grid"', '"grid",,');
    expect(wholeObjects(spoilt, "sections").whole).toEqual([hero, cta]);
  });
  it("has the beginning of a text, and never the middle of an escape", () => {
    const value = 'a "b" \\ \n ü 🪄 \u0007 end';
    const json = JSON.stringify({ html: value }).replace("ü", "\\u00fc");
    for (let length = json.indexOf('"a') + 1; length <= json.length; length++) {
      expect(value.startsWith(beginningOf(json.slice(0, length), "html") ?? "not there")).toBe(true);
    }
    expect(beginningOf(json, "html")).toBe(value);
    expect(beginningOf(json, "css")).toBeUndefined();
  });
  function endOf(index: number): number {
    return write(...[hero, grid, cta].slice(0, index + 1)).length - 2;
  }
});

describe("what is whole of a layout", () => {
  it("is kept, with the section named that broke off", () => {
    const text = write(hero, grid, cta).slice(0, -20);
    const part = salvageLayout(text, limits, template);
    expect(part?.layout).toMatchObject({ version: 1, persona: "collector", sections: [hero, { id: "grid_main" }] });
    expect(part?.layout.sections[1]?.config).toMatchObject({ product_ids: ["b"] });
    expect(part?.missing).toBe("The model gave no usable cta section in time.");
  });

  it("is kept without the sections that are wrong, which are named", () => {
    const wrong = { ...grid, id: "other", config: { product_ids: ["gone"] } };
    const bad = { type: "cta", id: "cta_main", config: {} };
    const part = salvageLayout(write(hero, bad, grid, wrong, { type: "script" }), limits, template);
    expect(part?.layout.sections.map(({ id }) => id)).toEqual(["hero_main", "grid_main"]);
    expect(part?.missing).toBe("The model gave no usable cta, grid section in time.");
  });

  it("says where it breaks off when nobody knows what was to come", () => {
    const text = write(grid, hero);
    const part = salvageLayout(text.slice(0, text.indexOf('{"type":"hero"')), limits, template);
    expect(part?.missing).toBe("The model's answer breaks off after its grid section.");
  });

  it("gets the template's lists where it has none of its own", () => {
    expect(typesOf(write(hero, { type: "grid" }))).toEqual(["hero_main", "template_grid"]);
    expect(typesOf(write(grid, { type: "hero" }))).toEqual(["grid_main"]);
  });

  it.each<[string, string]>([
    ["nothing is whole", write(hero).slice(0, 40)],
    ["no product is shown and no hero is there", write(filters, cta, { type: "grid" })],
    ["it is no layout", "I would rather not."],
    ["nothing came", ""],
  ])("is nothing where %s", (_name, text) => {
    expect(salvageLayout(text, limits, template)).toBeUndefined();
  });

  it("has none of the sections that nobody asked for, and misses those that somebody did", () => {
    const asked: LayoutLimits = { ...limits, components: ["grid", "recommendations"] };
    const part = salvageLayout(write(hero, grid, { type: "hero" }), asked, template);
    expect(part?.layout.sections.map(({ id }) => id)).toEqual(["grid_main"]);
    expect(part?.missing).toContain("recommendations");
    expect(missingOf(template, { ...limits, components: ["hero", "cta", "grid"] })).toBe(
      "The model gave no cta section.",
    );
    expect(missingOf(template, { ...limits, components: ["hero"] })).toBeUndefined();
    expect(missingOf(template, limits)).toBeUndefined();
  });
});

describe("what is whole of a page in the html mode", () => {
  const json = JSON.stringify({ html: "<h1>T</h1><section><p>One</p></section><section><p>Half a sen" });
  it("ends with the last part that is closed", () => {
    expect(wholePartOfPage(json.slice(0, -2))).toBe(
      JSON.stringify({ html: "<h1>T</h1><section><p>One</p></section>" }),
    );
  });
  it.each(["{}", "", '{"html":"<h1>T</h1><p>One</p>', '{"html":7}'])("is nothing in %j", (text) => {
    expect(wholePartOfPage(text)).toBeUndefined();
  });
});

describe("a partial page", () => {
  const sections = [
    { type: "hero", id: "hero_main", config: { title: MODEL_TITLE, cta_text: "See them", style: "quiet" } },
    { type: "grid", id: "grid_main", config: { product_ids: ["prod_999"] } },
  ];
  const reply: Reply = { text: write(...sections) };

  it("keeps to the wire contract, with its code, and has the whole catalogue on it", async () => {
    const { generator } = await startScene(() => reply);
    const { status, body } = await generator.post(canonicalBody());
    expect(status).toBe(FAULTS.COMPONENT_TIMEOUT.status);
    expect(GenerateResponseSchema.parse(body)).toMatchObject({
      status: "partial",
      meta: { source: "model", model: "kimi-k2.6" },
      error: {
        code: "COMPONENT_TIMEOUT",
        message: "The model gave no usable grid section in time.",
        retryable: true,
      },
    });
    expect(body.ui.components[0]).toMatchObject({ type: "hero", config: { title: MODEL_TITLE } });
    expect(body.ui.components.some(({ type }) => type === "grid")).toBe(true);
    for (const title of ["Wireless Earbuds Pro", "Desk Lamp", "Travel Case"]) expect(body.ui.html).toContain(title);
    const record = generator.lines().find(({ event }) => event === "generation");
    expect(record).toMatchObject({ outcome: "COMPONENT_TIMEOUT", model: "kimi-k2.6" });
  });

  it("is given at once where a good answer lacks a section that was asked for", async () => {
    const { generator, stub } = await startScene(() => ({ text: write(sections[0] as object) }));
    const asked = { ...canonicalBody(), options: { components: ["hero" as const, "cta" as const] } };
    const { body } = await generator.post(asked);
    expect(body).toMatchObject({ status: "partial", error: { message: "The model gave no cta section." } });
    expect(stub.calls).toHaveLength(1);
  });

  it("is the one that more is whole of", async () => {
    const [more, less] = [write(sections[0] as object, cta), write(sections[0] as object)];
    const { generator } = await startScene((_path, index) => ({ text: (index === 1 ? more : less).slice(0, -2) }));
    const { body } = await generator.post({ ...canonicalBody(), options: { components: ["hero", "cta", "filters"] } });
    expect(body.ui.components.map(({ type }) => type)).toEqual(["hero", "cta"]);
  });
});
