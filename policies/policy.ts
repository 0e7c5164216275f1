import type {
  PolicyResource,
  ResourceValidationArgs,
  ResourceValidationPolicy,
  StackValidationPolicy,
} from "@pulumi/policy";
import { messageOf, type Resource, type Rule } from "./rule";
import { limitsOf, schemaOf } from "./thresholds";
import { readable } from "./values";

export type Policy = ResourceValidationPolicy | StackValidationPolicy;

/** A rule as Pulumi takes it. */
export function toPolicy(rule: Rule): Policy {
  const { name, level, what, thresholds } = rule;
  const common = { name, description: what, enforcementLevel: level, configSchema: schemaOf(thresholds) };
  if ("judge" in rule) {
    return {
      ...common,
      validateResource: (args, report) => {
        const limits = limitsOf(thresholds, args.getConfig<Record<string, unknown>>());
        rule.judge(resourceOf(args), (found) => report(messageOf(rule, found)), limits);
      },
    };
  }
  return {
    ...common,
    validateStack: (args, report) => {
      const limits = limitsOf(thresholds, args.getConfig<Record<string, unknown>>());
      const resources = args.resources.map(resourceOf);
      rule.judgeStack(resources, (found, { urn }) => report(messageOf(rule, found), urn), limits);
    },
  };
}

const resourceOf = ({ type, name, urn, opts, props }: ResourceValidationArgs | PolicyResource): Resource => ({
  type,
  name,
  urn,
  isProtected: opts.protect,
  props: readable(props),
});
