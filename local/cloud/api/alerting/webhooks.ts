/** Webhooks that notifications can go to. Nothing is sent to them, not even the trial that Cloudflare makes of a new one. */
import { z } from "zod";
import { nameText } from "../../validation";
import { errors, INVALID_INPUT } from "../../refusals";
import { Routes } from "../../routes";
import type { Services } from "../../services";
import { hexId } from "../../state/ids";
import type { AlertWebhookDoc } from "../../state/model";
import { jsonBody } from "../body";
import { ok } from "../envelope";

const Webhook = z.object({
  name: nameText(1024),
  url: z.url({ protocol: /^https?$/, error: "must be an http or https address" }),
  /** None given leaves the former one; null takes it away. */
  secret: z.string().nullish(),
});

/** What receives a notification, by the host of its address (developers.cloudflare.com/notifications/get-started/configure-webhooks). */
const TYPES: readonly [RegExp, string][] = [
  [/^hooks\.slack\.com$/, "slack"],
  [/^chat\.googleapis\.com$/, "gchat"],
  [/^(.+\.)?discord(app)?\.com$/, "discord"],
  [/\.feishu\.cn$/, "feishu"],
  [/\.datadoghq\.com$/, "datadog"],
  [/\.opsgenie\.com$/, "opsgenie"],
  [/\.splunkcloud\.com$/, "splunk"],
];

export function alertWebhookRoutes({ state, secrets, now }: Services): Routes {
  const app = new Routes("kept and checked; nothing is sent, not even a trial");

  app.get("/", (c) => ok(c, state.alertWebhooks.list().map(shown)));
  app.post("/", async (c) => {
    const input = await jsonBody(c, Webhook, INVALID_INPUT.alerting);
    return ok(c, keep({ id: hexId(), createdAt: now().toISOString() }, input));
  });
  app.get("/:webhook", (c) => ok(c, shown(find(c.req.param("webhook")))));
  app.put("/:webhook", async (c) => {
    const input = await jsonBody(c, Webhook, INVALID_INPUT.alerting);
    return ok(c, keep(find(c.req.param("webhook")), input));
  });
  app.delete("/:webhook", (c) => {
    const { id } = find(c.req.param("webhook"));
    const user = state.alertPolicies.find(({ policy }) => JSON.stringify(policy.mechanisms).includes(id));
    if (user) throw errors.alertWebhookInUse(user.id);
    state.alertWebhooks.delete(id);
    return ok(c, null);
  });
  return app;

  function keep(former: Pick<AlertWebhookDoc, "id" | "createdAt" | "secret">, input: z.output<typeof Webhook>) {
    const { id, createdAt } = former;
    const { name, url } = input;
    const secret = typeof input.secret === "string" ? secrets.seal(input.secret) : former.secret;
    const kept = secret === undefined || input.secret === null ? {} : { secret };
    state.alertWebhooks.put(id, { id, createdAt, name, url, ...kept });
    return { id };
  }

  function find(id: string): AlertWebhookDoc {
    const webhook = state.alertWebhooks.get(id);
    if (!webhook) throw errors.alertWebhookNotFound();
    return webhook;
  }
}

const shown = ({ id, createdAt, name, url }: AlertWebhookDoc) => {
  const { hostname } = new URL(url);
  const type = TYPES.find(([host]) => host.test(hostname))?.[1] ?? "generic";
  return { id, name, url, type, created_at: createdAt, last_success: null, last_failure: null };
};
