import * as cloudflare from "@pulumi/cloudflare";
import * as pulumi from "@pulumi/pulumi";
import type { Settings } from "../config";
import type { Names } from "../naming";

export interface AlertsArgs {
  readonly names: Pick<Names, "alerts">;
  readonly settings: Pick<Settings, "accountId" | "alerts">;
  /** Address that takes notifications, a secret: whoever knows it can post there. */
  readonly webhookUrl?: pulumi.Output<string> | undefined;
}

/**
 * Who hears of trouble below the shops: a notification when Cloudflare has a major or critical incident. Alerts on the
 * shops' own figures are raised by the Worker.
 *
 * @example
 * const alerts = new Alerts("alerts", { names, settings, webhookUrl: config.getSecret("alertWebhookUrl") });
 */
export class Alerts extends pulumi.ComponentResource {
  /** The notification policy; undefined where nobody is to be told. */
  readonly policyId: pulumi.Output<string> | undefined;

  constructor(name: string, args: AlertsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("wandstore:infra:Alerts", name, {}, opts);
    const { accountId, alerts } = args.settings;
    const emails = (alerts?.email ?? []).map((id) => ({ id }));

    const webhook =
      args.webhookUrl &&
      new cloudflare.NotificationPolicyWebhooks(
        `${name}-webhook`,
        { accountId, name: args.names.alerts, url: args.webhookUrl },
        { parent: this },
      );
    if (webhook !== undefined || emails.length > 0) {
      this.policyId = new cloudflare.NotificationPolicy(
        `${name}-incidents`,
        {
          accountId,
          name: `${args.names.alerts}-incidents`,
          description: "Cloudflare has an incident that may reach the shops of this stack",
          alertType: "incident_alert",
          enabled: true,
          filters: { incidentImpacts: ["INCIDENT_IMPACT_MAJOR", "INCIDENT_IMPACT_CRITICAL"] },
          mechanisms: {
            ...(emails.length > 0 && { emails }),
            ...(webhook && { webhooks: [{ id: webhook.id }] }),
          },
        },
        { parent: this },
      ).id;
    }
    this.registerOutputs({ policyId: this.policyId });
  }
}
