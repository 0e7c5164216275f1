import { PERSONA_TYPES, type PersonaType } from "../../contract/persona";
import { PLANS, type Part } from "../../page";

/** What each persona's page is to be like: the plans that the template follows too, in words. */
export const GUIDANCE = Object.fromEntries(
  PERSONA_TYPES.map((type) => {
    const { idea, parts } = PLANS[type];
    return [type, `${idea} In this order: ${parts.map((part, n) => `${n + 1}. ${describe(part)}`).join(" ")}`];
  }),
) as Readonly<Record<PersonaType, string>>;

function describe(part: Part): string {
  const several = part.type === "grid" && part.several === true ? "one or more grids" : part.type;
  return `${[several, ...configOf(part)].join(", ")}: ${part.what}.`;
}

function configOf(part: Part): string[] {
  switch (part.type) {
    case "hero":
      return [`style ${part.config.style}`];
    case "filters":
      return [`facets ${part.config.facets.join(" and ")}`];
    case "grid": {
      const { columns, density, item, show } = part.config;
      return [
        `${columns} column${columns === 1 ? "" : "s"}`,
        density,
        `item ${item}`,
        `show ${show.join(" ") || "nothing"}`,
      ];
    }
    default:
      return [];
  }
}
