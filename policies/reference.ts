import type { Rule } from "./rule";
import type { Threshold } from "./thresholds";

/** The reference of the policies, in Markdown. */
export const policiesPage = (rules: readonly Rule[]): string =>
  [INTRODUCTION, table(rules), SETTING, ...rules.map(section)].join("\n\n") + "\n";

const INTRODUCTION = `# Policies

<!-- Generated from policies/rules by \`npm run generate\`. -->

What every stack must hold before anything of it is made. The pack is the same, and finds the same, wherever it runs:

- \`wandstore policy check -s prod\` judges a stack without asking any cloud and without a token. It ends with 1 where a mandatory
  rule is violated. \`--json\` prints a document, \`--sarif\` one for GitHub's code scanning.
- \`wandstore up\` and \`wandstore preview\` judge what they deploy to the embedded cloud.
- \`pulumi preview --policy-pack policies\` and \`pulumi up --policy-pack policies\` judge what goes to a real account.

A mandatory rule refuses the deployment before anything is made; an advisory one only says so. What a preview does not know yet,
such as the id of something that is still to be made, is judged once it is known.`;

const SETTING = `## Levels and thresholds

\`policies/config.json\` sets them for all three ways, as \`--policy-pack-config\` of the Pulumi CLI reads it: a rule's name with a
level (\`mandatory\`, \`advisory\`, \`disabled\`), or with thresholds and \`enforcementLevel\`. Another file goes over it for one run:
\`wandstore policy check --config file.json\`, \`pulumi preview --policy-pack policies --policy-pack-config file.json\`.

\`\`\`json
{
  "container-instance-type": { "allowed": ["lite", "basic"] },
  "container-max-instances": { "most": 20 },
  "account-limits": { "stacks": 100 },
  "cost-within-budget": { "mostPercent": 80, "enforcementLevel": "advisory" }
}
\`\`\``;

const table = (rules: readonly Rule[]): string =>
  [
    "| rule | level | what must hold |",
    "| --- | --- | --- |",
    ...rules.map(({ name, level, what }) => `| [\`${name}\`](#${name}) | ${level} | ${what} |`),
  ].join("\n");

function section({ name, level, what, why, fix, setting, thresholds }: Rule): string {
  const rows = Object.entries(thresholds).map(([key, threshold]) => row(key, threshold));
  return [
    `## ${name}`,
    `${what} *${level}*`,
    `- Why: ${why}\n- How to fix: ${fix}${setting === undefined ? "" : `\n- Setting: \`${setting}\``}`,
    ...(rows.length > 0 ? [["| threshold | default | what |", "| --- | --- | --- |", ...rows].join("\n")] : []),
  ].join("\n\n");
}

function row(key: string, { default: usual, what }: Threshold): string {
  const value = typeof usual === "number" ? String(usual) : usual.join(", ") || "none";
  return `| \`${key}\` | ${value} | ${what} |`;
}
