import type { PageInput } from "./input";

/** How a layout came to be: for the `generator-kind` meta element and for the line at the foot of the page. */
export interface MadeBy {
  kind: "ai" | "rules" | "standard" | "automatic";
  notice: string;
  /** For `<meta name="ai-disclosure">` (https://github.com/WICG/proposals/issues/261); undefined where it is not known. */
  disclosure: "ai-generated" | "none" | undefined;
}

const MARKS: Record<MadeBy["kind"], string> = {
  ai: "Layout made with AI, for you. Products, prices and links come from the shop.",
  rules: "Layout arranged for you by fixed rules, without AI. Products, prices and links come from the shop.",
  standard: "Standard layout, the same for every visitor. Products, prices and links come from the shop.",
  automatic: "Layout arranged for you automatically. Products, prices and links come from the shop.",
};

const DISCLOSURES: Record<MadeBy["kind"], MadeBy["disclosure"]> = {
  ai: "ai-generated",
  rules: "none",
  standard: "none",
  automatic: undefined,
};

/** Says no more than is known: a layout for nobody in particular is the standard one unless a model made it. */
export function madeBy({ layout, page }: Pick<PageInput, "layout" | "page">): MadeBy {
  const kind = kindOf(layout.persona === "unknown", page.source);
  return { kind, notice: MARKS[kind], disclosure: DISCLOSURES[kind] };
}

function kindOf(anonymous: boolean, source: PageInput["page"]["source"]): MadeBy["kind"] {
  if (source === "model") return "ai";
  if (anonymous) return "standard";
  return source === "template" ? "rules" : "automatic";
}
