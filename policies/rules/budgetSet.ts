import { resourceRule } from "../rule";
import { words } from "../thresholds";
import { budgetOf } from "../budget";
import { environmentOf, variablesOf } from "../worker";

export const budgetSet = resourceRule({
  name: "budget-set",
  level: "mandatory",
  what: "A stack that shoppers or rehearsals use has a monthly budget.",
  why: "Models and containers cost by use: without a budget nobody is told before the bill comes.",
  fix: "Set budget.monthlyUsd to what the stack may cost a month, models included.",
  setting: "budget.monthlyUsd",
  thresholds: { environments: words(["staging", "prod", "shop"], "environments in which the rule holds") },
  judge(resource, say, { environments }) {
    const variables = variablesOf(resource);
    if (!variables.has("ENVIRONMENT") || typeof variables.get("ALERT_RULES") === "symbol") return;
    if (!environments.includes(environmentOf(resource)) || budgetOf(resource) !== undefined) return;
    say(`A stack of the environment ${environmentOf(resource)} has no monthly budget (monthlyUsd in ALERT_RULES).`);
  },
});
