import type { GenerateRequest, GenerateResponse } from "../../contract/generate";
import type { LayoutSpec, Section } from "../../contract/layout";
import type { Product } from "../../contract/product";
import { render, type PageFacts, type RenderedPage, type ShopFace } from "../../page";
import type { Deadline } from "../deadline";
import { readPage } from "../html/page";
import type { Asked, Models } from "../llm/models";
import { buildHtmlPrompt, buildRepairPrompt, HTML_PROMPT_VERSION } from "../prompt/htmlPrompt";
import { buildPrompt, PROMPT_VERSION, type PromptInput } from "../prompt/prompt";
import { readLayout, type LayoutLimits } from "./layout";

/** A page a model had a part in. */
export interface Made {
  page: RenderedPage;
  components: Section[];
  format: GenerateResponse["ui"]["format"];
}

/** What pages are made from, in every mode. */
export interface Material {
  request: GenerateRequest;
  shop: ShopFace;
  products: readonly Product[];
  limits: LayoutLimits;
}

/** One way to have a model make a page. */
export interface Mode {
  promptVersion: string;
  /** A page by the first model that gives a usable one in time; its answer is undefined where none does. */
  ask(models: Models, material: Material, deadline: Deadline): Promise<Asked<Made>>;
}

type Format = NonNullable<NonNullable<GenerateRequest["options"]>["format"]>;

export const MODES: Readonly<Record<Format, Mode>> = {
  /** The model lays out, our renderer writes. */
  layout: {
    promptVersion: PROMPT_VERSION,
    ask: (models, material, deadline) => {
      const read = (text: string): Made => draw(readLayout(text, material.limits), material, "model");
      return models.ask(buildPrompt(promptInput(material)), read, deadline);
    },
  },
  /** The model writes, and what it wrote is made safe and filled with facts. */
  html: {
    promptVersion: HTML_PROMPT_VERSION,
    ask: (models, material, deadline) => {
      const { request, shop, products, limits } = material;
      const facts: PageFacts = { persona: request.persona.type, shop, products, page: pageOf(request, "model") };
      const read = (text: string): Made => {
        const { components, ...page } = readPage(text, facts, limits);
        return { page, components, format: "html" };
      };
      const input = promptInput(material);
      const repair = (fault: Parameters<typeof buildRepairPrompt>[1], text: string) =>
        buildRepairPrompt(input, fault, text);
      return models.ask(buildHtmlPrompt(input), read, deadline, repair);
    },
  },
};

/** A layout as our renderer writes it. */
export function draw(layout: LayoutSpec, { request, shop, products }: Material, source: "model" | "template"): Made {
  const page = render({ layout, shop, products, page: pageOf(request, source) });
  return { page, components: layout.sections, format: "layout" };
}

function pageOf({ page }: GenerateRequest, source: "model" | "template"): PageFacts["page"] {
  const { canonical_url: canonicalUrl, script_url: scriptUrl } = page ?? {};
  return { canonicalUrl, scriptUrl, source };
}

const promptInput = ({ request, shop, products }: Material): PromptInput => ({
  persona: request.persona,
  shop,
  products,
  components: request.options?.components,
});
