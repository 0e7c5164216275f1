import type { Resource } from "./rule";
import { jsonOf } from "./values";
import { variablesOf } from "./worker";

/** What a stack may cost a month, US dollars: its Worker knows, since it tells when the money runs out. */
export function budgetOf(resource: Resource): number | undefined {
  const { monthlyUsd } = jsonOf(variablesOf(resource).get("ALERT_RULES"));
  return typeof monthlyUsd === "number" && monthlyUsd > 0 ? monthlyUsd : undefined;
}
