import { budgetOf } from "../budget";
import { stackRule } from "../rule";
import { number } from "../thresholds";
import { TYPES } from "../types";
import { numberOf, objectOf } from "../values";

export const costWithinBudget = stackRule({
  name: "cost-within-budget",
  level: "mandatory",
  what: "What the stack is estimated to cost a month is within its budget.",
  why: "A budget below what is expected anyway only brings alarms, or pages that the template makes once the money is spent.",
  fix:
    "Raise budget.monthlyUsd, or make the stack cheaper: personalisation.scope cohort, llm.format layout, a cheaper model, a " +
    "smaller pool. The stack's output costEstimate says what costs how much.",
  setting: "budget.monthlyUsd",
  thresholds: { mostPercent: number(100, "percent of the budget that the estimate may take") },
  judgeStack(resources, say, { mostPercent }) {
    const [budget] = resources.flatMap((resource) => budgetOf(resource) ?? []);
    const stack = resources.find(({ type }) => type === TYPES.stack);
    const { costEstimate } = stack?.props ?? {};
    if (budget === undefined || stack === undefined || typeof costEstimate === "symbol") return;
    const estimate = numberOf(objectOf(costEstimate)["monthlyUsd"]);
    if (estimate === undefined) say("Nothing says what the stack costs: it has no output costEstimate.", stack);
    else if (estimate > (budget * mostPercent) / 100) {
      say(
        `The stack is estimated to cost $${estimate} a month, more than ${mostPercent} % of its budget of $${budget}.`,
        stack,
      );
    }
  },
});
