import type { PageInput } from "./input";
import { speechIn, type Words } from "./words";

/** How a layout came to be: for the `generator-kind` meta element and for the line at the foot of the page. */
export interface MadeBy {
  kind: "ai" | "rules" | "standard" | "automatic";
  notice: string;
  /** For `<meta name="ai-disclosure">` (https://github.com/WICG/proposals/issues/261); undefined where it is not known. */
  disclosure: "ai-generated" | "none" | undefined;
}

const MARKS = {
  ai: "madeByAi",
  rules: "madeByRules",
  standard: "madeStandard",
  automatic: "madeAutomatically",
} as const satisfies Record<MadeBy["kind"], keyof Words>;

const DISCLOSURES: Record<MadeBy["kind"], MadeBy["disclosure"]> = {
  ai: "ai-generated",
  rules: "none",
  standard: "none",
  automatic: undefined,
};

/** Says no more than is known: a layout for nobody in particular is the standard one unless a model made it. */
export function madeBy({ layout, page, shop }: Pick<PageInput, "layout" | "page" | "shop">): MadeBy {
  const kind = kindOf(layout.persona === "unknown", page.source);
  const { words } = speechIn(shop.locale);
  return { kind, notice: `${words[MARKS[kind]]} ${words.facts}`, disclosure: DISCLOSURES[kind] };
}

function kindOf(anonymous: boolean, source: PageInput["page"]["source"]): MadeBy["kind"] {
  if (source === "model") return "ai";
  if (anonymous) return "standard";
  return source === "template" ? "rules" : "automatic";
}
