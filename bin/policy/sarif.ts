import { createHash } from "node:crypto";
import { version } from "../../package.json";
import type { Rule } from "../../policies/rule";
import type { Finding } from "./findings";

const SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json";
const LEVELS = { mandatory: "error", advisory: "warning" } as const;

/**
 * Findings as GitHub's code scanning takes them (SARIF 2.1.0). A finding keeps its fingerprint while its line moves, so that
 * an alert that somebody has dismissed stays dismissed.
 */
export function sarifOf(findings: readonly Finding[], rules: readonly Rule[], stack: string): object {
  return {
    $schema: SCHEMA,
    version: "2.1.0",
    runs: [
      {
        tool: { driver: { name: "WandStore policies", semanticVersion: version, rules: rules.map(ruleOf) } },
        // Stacks are judged one by one: without a category of its own, the last one's alerts would replace the others'.
        automationDetails: { id: `wandstore-policies/${stack}/` },
        columnKind: "utf16CodeUnits",
        results: findings.map((finding) => resultOf(finding, rules)),
      },
    ],
  };
}

function ruleOf({ name, level, what, why, fix }: Rule): object {
  return {
    id: name,
    name: name.replace(/(?:^|-)(.)/g, (_, letter: string) => letter.toUpperCase()),
    shortDescription: { text: what },
    fullDescription: { text: `${what} ${why}` },
    help: {
      text: `${what}\n\nWhy: ${why}\n\nHow to fix: ${fix}`,
      markdown: `${what}\n\n**Why:** ${why}\n\n**How to fix:** ${fix}`,
    },
    defaultConfiguration: { level: LEVELS[level] },
    properties: { tags: ["policy"], "problem.severity": LEVELS[level], precision: "very-high" },
  };
}

function resultOf({ rule, level, resource, name, found, fix, place }: Finding, rules: readonly Rule[]): object {
  const fingerprint = createHash("sha256")
    .update(JSON.stringify([rule, resource, found]))
    .digest("hex");
  return {
    ruleId: rule,
    ruleIndex: rules.findIndex((each) => each.name === rule),
    level: LEVELS[level],
    message: { text: `${name}: ${found} ${fix}` },
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: place.file, uriBaseId: "%SRCROOT%" },
          region: { startLine: place.line },
        },
        logicalLocations: [{ fullyQualifiedName: resource, kind: "resource" }],
      },
    ],
    partialFingerprints: { primaryLocationLineHash: `${fingerprint.slice(0, 32)}:1` },
  };
}
