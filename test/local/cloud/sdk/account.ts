/** Round trips through the account, its zones and its notifications with the official SDK. */
import type Cloudflare from "cloudflare";
import { refusal } from "../support";

export async function accountRoundTrip(client: Cloudflare, account_id: string): Promise<void> {
  const { accounts, user, memberships, zones } = client;
  expect(await accounts.get({ account_id })).toMatchObject({ id: account_id, type: "standard" });
  const listed = [];
  for await (const one of accounts.list()) listed.push(one.id);
  expect(listed).toEqual([account_id]);
  expect(await accounts.tokens.verify({ account_id })).toMatchObject({ status: "active" });
  expect(await user.tokens.verify()).toMatchObject({ status: "active" });
  expect(await user.get()).toMatchObject({ suspended: false });
  expect((await memberships.list()).result).toMatchObject([{ status: "accepted", account: { id: account_id } }]);

  const made = await zones.create({ account: { id: account_id }, name: "walk.example" });
  expect(await zones.get({ zone_id: made.id })).toEqual(made);
  const names = [];
  for await (const { name } of zones.list({ per_page: 5 })) names.push(name);
  expect(names).toEqual(["example.com", "walk.example"]);
}

export async function alertingRoundTrip({ alerting }: Cloudflare, account_id: string): Promise<void> {
  const { policies, destinations } = alerting;
  const { webhooks } = destinations;
  const { id: webhook = "" } = await webhooks.create({ account_id, name: "first", url: "https://hooks.example.com/a" });
  await webhooks.update(webhook, { account_id, name: "second", url: "https://hooks.example.com/b" });
  expect(await webhooks.get(webhook, { account_id })).toMatchObject({ name: "second", type: "generic" });
  expect((await webhooks.list({ account_id })).result).toHaveLength(1);

  const mechanisms = { webhooks: [{ id: webhook }] };
  const input = { account_id, name: "p", alert_type: "universal_ssl_event_type", enabled: true, mechanisms } as const;
  const { id: policy = "" } = await policies.create(input);
  await policies.update(policy, { account_id, description: "changed" });
  expect(await policies.get(policy, { account_id })).toMatchObject({ name: "p", description: "changed" });
  expect((await policies.list({ account_id })).result).toHaveLength(1);
  expect(await refusal(webhooks.delete(webhook, { account_id }) as never)).toMatchObject({ status: 400 });
  await policies.delete(policy, { account_id });
  await webhooks.delete(webhook, { account_id });
  expect(await refusal(policies.get(policy, { account_id }))).toMatchObject({ status: 404 });
}
