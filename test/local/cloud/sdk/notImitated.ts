/** Methods of the SDK that the embedded cloud answers with a refusal, by what their names begin with, and why that is so. */
export const NOT_IMITATED: readonly (readonly [prefixes: readonly string[], why: string])[] = [
  [
    ["cors", "domains", "eventNotifications", "locks", "metrics", "sippy"].map((one) => `r2.buckets.${one}.`),
    "buckets are reached through Workers alone: what is about public access, moving in, or watching has no use here",
  ],
  [["r2.temporaryCredentials.", "r2.superSlurper."], "there is no S3 API, and nothing to copy from"],
  [
    ["workers.assets.", "workers.scripts.assets."],
    "a Worker's static assets are not served (501 where a version has some)",
  ],
  [["workers.observability."], "logs go to tails; none are kept to be asked for"],
  [
    ["containers.images.", "containers.registries.create", "containers.registries.delete"],
    "there is one registry, the account's own",
  ],
  [
    ["availableAlerts.", "destinations.eligible.", "destinations.pagerduty.", "history.", "silences."].map(
      (one) => `alerting.${one}`,
    ),
    "nothing is raised, so nothing is sent, silenced or remembered",
  ],
  [
    ["create", "update", "delete", "members.", "roles.", "clientSecret."].map((one) => `accounts.${one}`),
    "one account with one user, as they were made at the first start",
  ],
  [
    ["create", "update", "list", "delete", "get", "permissionGroups.", "value."].flatMap((one) => [
      `accounts.tokens.${one}`,
      `user.tokens.${one}`,
    ]),
    "one token, which may do everything",
  ],
  [
    ["subscriptions.", "entitlements.", "paymentMethods.", "payInvoice.", "payBadDebt.", "receipts.", "invoices."].map(
      (one) => `accounts.${one}`,
    ),
    "nothing costs anything",
  ],
  [
    ["accounts.logs.", "accounts.speedSettings.", "user.auditLogs.", "user.spectrumAnalytics."],
    "no audit and no proxy",
  ],
  [
    ["edit", "billing.", "invites.", "organizations.", "subscriptions.", "tenants."].map((one) => `user.${one}`),
    "one user, of whom nothing but the address is known",
  ],
  [["memberships.update", "memberships.delete", "memberships.get"], "the one membership is as it is"],
  [
    ["delete", "edit", "activationCheck.", "observability.", "settings.", "transformations", "nel.", "environments."]
      .concat(["customNameservers.", "holds.", "subscriptions.", "plans.", "ratePlans.", "entitlements.", "ct."])
      .map((one) => `zones.${one}`),
    "a zone is the name above custom domains and routes, and no more",
  ],
];
