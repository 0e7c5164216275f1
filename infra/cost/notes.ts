import type { Settings } from "../config";
import type { CostEstimate, Traffic } from "./index";
import { modelPrice } from "./prices";
import { DAYS, mostPages, pagesMade, type CostSettings } from "./usage";

/** What a reader of an estimate has to know beside its figures: each a sentence. */
export function notesOf(
  settings: CostSettings & Pick<Settings, "budget">,
  traffic: Traffic,
  { monthlyUsd, parts }: Pick<CostEstimate, "monthlyUsd" | "parts">,
): string[] {
  const { llm, budget, stores } = settings;
  const [first] = llm.providers;
  const made = pagesMade(settings, traffic);
  const most = mostPages(settings);
  const mostModelUsd = (budget?.perStoreDailyUsd ?? Infinity) * stores.length * DAYS;
  return [
    ...(first === undefined || modelPrice(first.model) !== undefined
      ? []
      : [`The price of ${first.model} is not known: it counts as the dearest model that has one.`]),
    ...(made > most
      ? [
          `The pool makes at most ${count(most)} of these ${count(made)} pages a day: raise pool.size or pool.concurrency.`,
        ]
      : []),
    ...(parts.models > mostModelUsd
      ? [
          `budget.perStoreDailyUsd lets models cost at most ${usd(mostModelUsd)} of this: beyond it the template makes the pages.`,
        ]
      : []),
    ...(budget !== undefined && monthlyUsd > budget.monthlyUsd
      ? [`This is above the stack's budget of ${usd(budget.monthlyUsd)} a month (budget.monthlyUsd).`]
      : []),
  ];
}

const count = (number: number): string => Math.round(number).toLocaleString("en-US");
const usd = (dollars: number): string => `$${dollars.toLocaleString("en-US", { maximumFractionDigits: 2 })}`;
