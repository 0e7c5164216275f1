import type { PolicyPackConfig } from "@pulumi/policy";
import type { Rule } from "./rule";

type Setting = PolicyPackConfig[string];

/**
 * The pack's own config with every level spelt out: @pulumi/policy tells the CLI "advisory" of a setting without one, so that
 * a threshold alone would make a mandatory rule an advisory one (protobuf's first value).
 */
export function initialConfig(config: PolicyPackConfig, rules: readonly Rule[]): PolicyPackConfig {
  const entries = Object.entries(config).map(([name, setting]): [string, Setting] => {
    if (typeof setting === "string" || setting.enforcementLevel !== undefined) return [name, setting];
    const level = levelOf(config["all"]) ?? rules.find((rule) => rule.name === name)?.level;
    return [name, level === undefined ? setting : { ...setting, enforcementLevel: level }];
  });
  return Object.fromEntries(entries);
}

const levelOf = (setting: Setting | undefined) => (typeof setting === "string" ? setting : setting?.enforcementLevel);
