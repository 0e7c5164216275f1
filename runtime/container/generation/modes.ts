import type { GenerateRequest, GenerateResponse } from "../../contract/generate";
import type { LayoutSpec, Section } from "../../contract/layout";
import { PROMPT_VERSIONS } from "../../contract/promptVersion";
import { render, tameWords, type PageFacts, type RenderedPage } from "../../page";
import type { Deadline } from "../deadline";
import { readPage } from "../html/page";
import type { Asked, Models } from "../llm/models";
import { buildHtmlPrompt } from "../prompt/htmlPrompt";
import { buildPrompt, type PromptInput } from "../prompt/prompt";
import { fallbackLayout } from "./fallback";
import { readLayout } from "./layout";
import type { Material } from "./material";
import { missingOf, salvageLayout, wholePartOfPage } from "./partial";

/** A page a model had a part in. */
export interface Made {
  page: RenderedPage;
  components: Section[];
  format: GenerateResponse["ui"]["format"];
  /** What the page lacks of what the model was asked for, as a sentence; absent for a whole page. */
  missing?: string | undefined;
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
    promptVersion: PROMPT_VERSIONS.layout,
    ask: (models, material, deadline) => {
      const { limits } = material;
      const made = (layout: LayoutSpec, missing: string | undefined): Made => ({
        ...draw(tameWords(layout, material.shop), material, "model"),
        missing,
      });
      const read = (text: string): Made => {
        const layout = readLayout(text, limits);
        return made(layout, missingOf(layout, limits));
      };
      const salvage = (text: string): Made | undefined => {
        const part = salvageLayout(text, limits, fallbackLayout(material));
        return part && made(part.layout, part.missing);
      };
      return models.ask(buildPrompt(promptInput(material)), { read, salvage }, deadline);
    },
  },
  /** The model writes, and what it wrote is made safe and filled with facts. */
  html: {
    promptVersion: PROMPT_VERSIONS.html,
    ask: (models, material, deadline) => {
      const { request, shop, products, limits } = material;
      const facts: PageFacts = { persona: request.persona.type, shop, products, page: pageOf(request, "model") };
      const read = (text: string): Made => {
        const { components, ...page } = readPage(text, facts, limits);
        return { page, components, format: "html" };
      };
      const salvage = (text: string): Made | undefined => {
        const part = wholePartOfPage(text);
        if (part === undefined) return undefined;
        try {
          return { ...read(part), missing: "The model's page breaks off; what came after is missing." };
        } catch {
          return undefined; // the part is no page, or none that may be served
        }
      };
      return models.ask(buildHtmlPrompt(promptInput(material)), { read, salvage }, deadline);
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
