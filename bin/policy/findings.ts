import type { PolicyResult } from "../../local/deploy";
import { foundIn, type Rule } from "../../policies/rule";
import { placeOfSetting, type Place } from "./place";

/** A finding with all that its rule says, and where in the repository it hangs. */
export interface Finding {
  readonly rule: string;
  readonly level: PolicyResult["level"];
  /** URN of the resource, or of the stack. */
  readonly resource: string;
  readonly type: string;
  readonly name: string;
  readonly found: string;
  readonly why: string;
  readonly fix: string;
  readonly place: Place;
}

/** What the policies found, mandatory findings first, otherwise in the rules' order. */
export function findingsFrom(
  results: readonly PolicyResult[],
  rules: readonly Rule[],
  { projectDir, stack }: { readonly projectDir: string; readonly stack: string },
): readonly Finding[] {
  const findings = results.map(({ rule: name, level, resource, message }): Finding => {
    const rule = rules.find((each) => each.name === name)!;
    const [, , types = "", ...rest] = resource.split("::");
    return {
      rule: name,
      level,
      resource,
      type: types.split("$").at(-1)!,
      name: rest.join("::"),
      found: foundIn(rule, message),
      why: rule.why,
      fix: rule.fix,
      place: placeOfSetting(projectDir, stack, rule.setting),
    };
  });
  return findings.toSorted((a, b) => Number(a.level === "advisory") - Number(b.level === "advisory"));
}
