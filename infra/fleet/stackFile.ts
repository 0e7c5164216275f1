import { parseDocument } from "yaml";

/** What a shop may cost a month, USD, where nobody says: models included, and far above what its parts cost at rest. */
export const DEFAULT_BUDGET_USD = 100;

/** The file of a shop's stack: what the code cannot know by itself, and nothing else. */
export const stackFileOf = (slug: string, budgetUsd: number): string =>
  `# yaml-language-server: $schema=infra/config/stack.schema.json
# A shop as a stack of its own. Every key and its default: docs/reference/config.md
config:
  wandstore:environment: shop
  wandstore:stores: # the folder below stores/
    - ${slug}
  wandstore:budget:
    monthlyUsd: ${budgetUsd} # what all of it may cost a month, models included
`;

/** The file of a stack that moved, for its new slug; all else in it stays. */
export function movedStackFile(text: string, slug: string): string {
  const document = parseDocument(text);
  document.setIn(["config", "wandstore:stores"], document.createNode([slug]));
  return document.toString({ lineWidth: 0 });
}
