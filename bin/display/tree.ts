import type { Step } from "../../local/deploy";

/** A step with the lines that draw its place below its parent. */
export interface TreeRow {
  step: Step;
  branch: string;
}

/** Steps in the order of the tree of resources; one whose parent has no step of its own stands at the root. */
export function treeRows(steps: readonly Step[]): TreeRow[] {
  const urns = new Set(steps.map((step) => step.urn));
  const childrenOf = (parent: string | undefined): Step[] =>
    steps.filter((step) => (step.parent !== undefined && urns.has(step.parent) ? step.parent : undefined) === parent);
  const below = (parent: string | undefined, indent: string): TreeRow[] =>
    childrenOf(parent).flatMap((step, index, siblings) => {
      const last = index === siblings.length - 1;
      const branch = parent === undefined ? "" : `${indent}${last ? "└─ " : "├─ "}`;
      const inner = parent === undefined ? "" : `${indent}${last ? "   " : "│  "}`;
      return [{ step, branch }, ...below(step.urn, inner)];
    });
  return below(undefined, "");
}
