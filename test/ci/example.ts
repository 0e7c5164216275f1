import { readFileSync } from "node:fs";
import path from "node:path";
import { compose } from "../../bin/ci/comment/compose";
import { fromPulumi } from "../../bin/ci/plan/pulumi";
import { makeReport } from "../../bin/ci/report/make";
import { parseSettings } from "../../infra/config";

const settings = (more: Record<string, unknown>) =>
  parseSettings(
    Object.fromEntries(
      Object.entries({
        environment: "staging",
        accountId: "0".repeat(32),
        stores: ["magic-wands"],
        llm: { providers: [{ kind: "kimi", model: "kimi-k2.6" }] },
        budget: { monthlyUsd: 300 },
        ...more,
      }).map(([key, value]) => [`wandstore:${key}`, typeof value === "string" ? value : JSON.stringify(value)]),
    ),
  );

/** The comment that docs/guides/ci.md shows: made of what the Pulumi CLI printed of a pull request against staging. */
export function exampleComment(): string {
  const stream = readFileSync(path.join(__dirname, "fixtures/previewStream.jsonl"), "utf8");
  const plan = fromPulumi(stream);
  const before = settings({ pool: { size: 3 } });
  const after = settings({ pool: { size: 2, instanceType: "standard-1" }, worker: { name: "another-name" } });
  const report = makeReport("staging", "pulumi", { ...plan, errors: [] }, after, { settings: before });
  return compose([report], "3f2f2b1c0d9e8f7a6b5c");
}
