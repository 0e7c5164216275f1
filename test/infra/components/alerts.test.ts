import * as pulumi from "@pulumi/pulumi";
import { Alerts } from "../../../infra/components";
import { made } from "./program";
import { names, settingsWith } from "./stack";

describe("Alerts", () => {
  const build = (more: Record<string, string>, webhookUrl?: pulumi.Output<string>) =>
    made("dev", {}, () => new Alerts("alerts", { names, settings: settingsWith(more), webhookUrl }));

  test("without a destination there is nothing", async () => {
    expect((await build({})).made).toEqual([]);
  });

  test("emails and a webhook hear of Cloudflare's incidents; the webhook's address is a secret", async () => {
    const { made: list } = await build(
      { "wandstore:alerts": '{"email":["ops@example.com"]}' },
      pulumi.secret("https://hooks.example.com/planted"),
    );
    expect(list.map(({ name }) => name)).toEqual(["alerts-incidents", "alerts-webhook"]);
    expect(list[0]?.inputs).toMatchObject({
      name: "wandstore-dev-alerts-incidents",
      alertType: "incident_alert",
      mechanisms: { emails: [{ id: "ops@example.com" }], webhooks: [{ id: "alerts-webhook-id" }] },
    });
    expect(list[1]?.inputs["url"]).toHaveProperty(pulumi.runtime.specialSigKey, pulumi.runtime.specialSecretSig);
  });
});
