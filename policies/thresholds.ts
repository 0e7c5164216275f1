import type { PolicyConfigSchema } from "@pulumi/policy";

/** A value of a rule that whoever runs the pack may set (`policies/config.json`). */
export interface Threshold<Value = number | readonly string[]> {
  /** What it is, in a few words; units included. */
  readonly what: string;
  readonly default: Value;
  /** Of a number. */
  readonly minimum?: number;
}
export type Thresholds = Readonly<Record<string, Threshold>>;

/** What a rule is judged by: each threshold's default, or what was set. */
export type Limits<Of extends Thresholds> = { readonly [Key in keyof Of]: Of[Key]["default"] };

export const number = (value: number, what: string, minimum = 0): Threshold<number> => ({
  what,
  default: value,
  minimum,
});
export const words = (value: readonly string[], what: string): Threshold<readonly string[]> => ({
  what,
  default: value,
});

/** Where a rule holds that is about real shoppers. */
export const inProd = words(["prod"], "environments in which the rule holds");

/** The thresholds as the pack tells them to the Pulumi CLI, which fills in what is not set. */
export function schemaOf(thresholds: Thresholds): PolicyConfigSchema {
  const properties = Object.entries(thresholds).map(([key, threshold]) => [key, propertyOf(threshold)] as const);
  return { properties: Object.fromEntries(properties) };
}

type Property = NonNullable<PolicyConfigSchema["properties"]>[string];

function propertyOf({ what, default: usual, minimum }: Threshold): Property {
  if (typeof usual !== "number") {
    return { type: "array", items: { type: "string" }, default: [...usual], description: what };
  }
  return { type: "number", default: usual, description: what, ...(minimum !== undefined && { minimum }) };
}

/** What was set over the defaults. A policy server that nobody configured has none of them. */
export function limitsOf<Of extends Thresholds>(thresholds: Of, set: Readonly<Record<string, unknown>>): Limits<Of> {
  const usual = Object.entries(thresholds).map(([key, { default: value }]) => [key, set[key] ?? value]);
  return Object.fromEntries(usual) as Limits<Of>;
}
