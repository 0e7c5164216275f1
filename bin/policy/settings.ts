import type { PolicyConfig } from "../../local/deploy";
import type { Rule } from "../../policies/rule";

/** Names of the rules that judge nothing. */
export const disabledIn = (config: PolicyConfig, rules: readonly Rule[]): readonly string[] =>
  rules.map(({ name }) => name).filter((name) => (config[name]?.level ?? config["all"]?.level) === "disabled");

/** What is set otherwise than the rules say themselves, such as `budget-set is disabled` and `cache-ttl-bounds has mostSeconds 100`. */
export function settingsInWords(config: PolicyConfig): readonly string[] {
  return Object.entries(config).flatMap(([name, { level, properties }]) => [
    ...(level === undefined ? [] : [`${name === "all" ? "every rule without a level of its own" : name} is ${level}`]),
    ...Object.entries(properties).map(([key, value]) => `${name} has ${key} ${[value].flat().join(", ") || "none"}`),
  ]);
}
