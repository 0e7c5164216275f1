import type { Section } from "../../contract/layout";
import type { PersonaType } from "../../contract/persona";

type Config<Kind extends Section["type"]> = Extract<Section, { type: Kind }>["config"];

/** One section of a plan. A config that is left out is up to whoever makes the page. */
export type Part = { what: string } & (
  | { type: "hero"; config: Pick<Config<"hero">, "style"> }
  | { type: "filters"; config: Pick<Config<"filters">, "facets"> }
  | { type: "grid"; config: Pick<Config<"grid">, "columns" | "density" | "item" | "show">; several?: boolean }
  | { type: "recommendations" | "cta" }
);

/** What a persona's page is to be like. */
export interface Plan {
  idea: string;
  parts: readonly Part[];
}

/**
 * The page of each persona: which sections, in which order. Models are told it, the template follows it, and a test holds the
 * two together. Personas differ here, in structure, not only in words.
 */
export const PLANS: Readonly<Record<PersonaType, Plan>> = {
  minimalist: {
    idea: "Few sections and few words.",
    parts: [
      { type: "hero", config: { style: "quiet" }, what: "words only" },
      {
        type: "grid",
        config: { columns: 2, density: "airy", item: "card", show: [] },
        what: "4 to 6 products, no title",
      },
    ],
  },
  explorer: {
    idea: "Breadth and discovery, no hero.",
    parts: [
      { type: "filters", config: { facets: ["category", "price"] }, what: "a question as its title" },
      {
        type: "grid",
        config: { columns: 4, density: "regular", item: "tile", show: [] },
        what: "9 products that mix all categories, the most striking first",
      },
      { type: "recommendations", what: "what is not from the preferred categories" },
      {
        type: "grid",
        config: { columns: 4, density: "compact", item: "tile", show: [] },
        several: true,
        what: "5 or 10 products each, by category or mixed",
      },
    ],
  },
  collector: {
    idea: "Depth and detail.",
    parts: [
      { type: "hero", config: { style: "split" }, what: "one fine piece" },
      {
        type: "grid",
        config: { columns: 4, density: "regular", item: "card", show: ["vendor", "options", "stock"] },
        what: "4 others of its category",
      },
      { type: "filters", config: { facets: ["category", "price"] }, what: "to narrow the catalogue" },
      {
        type: "grid",
        config: {
          columns: 1,
          density: "regular",
          item: "row",
          show: ["vendor", "description", "tags", "options", "stock", "saving"],
        },
        what: "the catalogue, about 12 products",
      },
      { type: "cta", what: "a fine piece of another category" },
    ],
  },
  dealhunter: {
    idea: "Value first.",
    parts: [
      { type: "hero", config: { style: "deal" }, what: "the product with the largest saving" },
      {
        type: "grid",
        config: { columns: 4, density: "compact", item: "card", show: ["saving", "stock"] },
        what: "what else is reduced, the largest saving first",
      },
      { type: "filters", config: { facets: ["price", "saving"] }, what: "a budget" },
      {
        type: "grid",
        config: { columns: 4, density: "compact", item: "card", show: ["stock"] },
        what: "what costs least, cheapest first",
      },
    ],
  },
  loyalist: {
    idea: "A welcome back, no hero.",
    parts: [
      { type: "recommendations", what: "a greeting as its title, 5 products of the preferred categories" },
      {
        type: "grid",
        config: { columns: 4, density: "regular", item: "card", show: ["description"] },
        what: "more of the same categories",
      },
      { type: "cta", what: "something new of another category" },
      {
        type: "grid",
        config: { columns: 4, density: "compact", item: "card", show: ["saving"] },
        what: "10 products of the other categories",
      },
    ],
  },
  unknown: {
    idea: "A balanced shop window.",
    parts: [
      { type: "hero", config: { style: "split" }, what: "one product" },
      { type: "filters", config: { facets: ["category"] }, what: "the categories" },
      {
        type: "grid",
        config: { columns: 4, density: "regular", item: "card", show: ["saving"] },
        what: "12 products across the categories",
      },
      { type: "recommendations", what: "5 products that are reduced" },
    ],
  },
};
