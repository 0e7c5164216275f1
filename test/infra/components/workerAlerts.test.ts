import * as pulumi from "@pulumi/pulumi";
import { ShopSecrets } from "../../../infra/components";
import { workerVars } from "../../../infra/components/workerVars";
import { noPlainSecrets } from "../../../policies/rules/noPlainSecrets";
import { TYPES } from "../../../policies/types";
import { ThresholdsSchema } from "../../../runtime/worker/metrics/alerts/thresholds";
import { judge } from "../../policies/judge";
import { made, valueOf } from "./program";
import { settingsWith } from "./stack";

const ADDRESS = "https://hooks.example.com/services/T0/B0/planted";
const rulesOf = (more: Record<string, string> = {}): unknown =>
  JSON.parse(workerVars(settingsWith(more), "0123456789ab").ALERT_RULES);
const secretsOf = async (given: Record<string, pulumi.Output<string>>): Promise<string[]> => {
  const { rotation } = settingsWith();
  const { returned } = await made("dev", {}, () => new ShopSecrets("secrets", { given, rotation }));
  expect(await pulumi.isSecret(returned.values)).toBe(true);
  return Object.keys(await valueOf(returned.values));
};

describe("what the Worker judges its figures by", () => {
  test("is what the stack says, in a form that the Worker reads", () => {
    const given = rulesOf({
      "wandstore:alerts":
        '{"email":["ops@example.com"],"cacheHitPercent":80,"runbookUrl":"https://wiki.example.com/runbooks/"}',
      "wandstore:budget": '{"monthlyUsd":500}',
    });
    expect(given).toEqual({
      cacheHitPercent: 80,
      generationP95Seconds: 15,
      coldStartSeconds: 10,
      modelErrorPercent: 5,
      monthlyUsd: 500,
      runbookUrl: "https://wiki.example.com/runbooks/",
    });
    expect(ThresholdsSchema.parse(given)).toEqual(given);
  });

  test("has its defaults in a stack that says nothing, and no cost without a budget", () => {
    expect(ThresholdsSchema.parse(rulesOf())).toEqual({
      cacheHitPercent: 70,
      generationP95Seconds: 15,
      coldStartSeconds: 10,
      modelErrorPercent: 5,
    });
  });

  test("is nothing that the policies mind", async () => {
    const vars = workerVars(settingsWith({ "wandstore:budget": '{"monthlyUsd":500}' }), "0123456789ab");
    const bindings = Object.entries(vars).map(([name, text]) => ({ type: "plain_text", name, text }));
    expect(await judge(noPlainSecrets, { type: TYPES.workerVersion, props: { bindings } })).toEqual([]);
  });
});

describe("whom it tells", () => {
  test("is a secret of the Worker, where the stack has one", async () => {
    expect(await secretsOf({ ALERT_WEBHOOK_URL: pulumi.secret(ADDRESS) })).toContain("ALERT_WEBHOOK_URL");
    expect(await secretsOf({})).not.toContain("ALERT_WEBHOOK_URL");
  });
});
