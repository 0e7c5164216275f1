import { filtersToSend } from "../../../../local/deploy/handlers/cloudflare/notificationFilters";
import { handlersOnACloud } from "../support/handled";

jest.setTimeout(60_000);

const handled = handlersOnACloud();
const { account, handlerOf, make, decision } = handled;

const WORKER = "cloudflare:index/worker:Worker";
const CRON = "cloudflare:index/workersCronTrigger:WorkersCronTrigger";
const DOMAIN = "cloudflare:index/workersCustomDomain:WorkersCustomDomain";
const WEBHOOK = "cloudflare:index/notificationPolicyWebhooks:NotificationPolicyWebhooks";
const POLICY = "cloudflare:index/notificationPolicy:NotificationPolicy";

const aWorker = (name: string) => make(WORKER, { accountId: handled.cloud.accountId, name });

describe("a Worker's schedules", () => {
  it("are put as a whole, changed in place, and none is left when they are deleted, once or twice", async () => {
    await aWorker("wand-cron");
    const inputs = { accountId: handled.cloud.accountId, scriptName: "wand-cron", schedules: [{ cron: "17 3 * * *" }] };
    const made = await make(CRON, inputs);
    expect(made).toMatchObject({ id: "wand-cron", outputs: { schedules: [{ cron: "17 3 * * *" }] } });
    const live = async () => (await handled.api.workers.scripts.schedules.get("wand-cron", account())).schedules;
    const hourly = { ...inputs, schedules: [{ cron: "5 * * * *" }] };
    expect(await decision(CRON, made, hourly)).toMatchObject({ op: "update", diff: ["schedules[0].cron"] });
    await handlerOf(CRON).update!(made, hourly);
    expect((await live()).map(({ cron }) => cron)).toEqual(["5 * * * *"]);
    expect(await decision(CRON, made, { ...inputs, scriptName: "other" })).toMatchObject({ op: "replace" });
    await handlerOf(CRON).delete(made);
    expect(await live()).toEqual([]);
    await handlerOf(CRON).delete(made);
    await handlerOf(CRON).delete({ ...made, inputs: { ...inputs, scriptName: "wand-never-made" } });
  });
});

describe("a Worker's own host name", () => {
  it("is attached in its zone, moved to another Worker in place, and deleted, once or twice", async () => {
    await aWorker("wand-domain-one");
    await aWorker("wand-domain-two");
    const inputs = { accountId: handled.cloud.accountId, hostname: "shop.example.com", service: "wand-domain-one" };
    const made = await make(DOMAIN, inputs);
    expect(made.outputs).toMatchObject({ hostname: "shop.example.com", zoneName: "example.com" });
    const moved = { ...inputs, service: "wand-domain-two" };
    expect(await decision(DOMAIN, made, moved)).toMatchObject({ op: "update", diff: ["service"] });
    await handlerOf(DOMAIN).update!(made, moved);
    const live = async () => (await handled.api.workers.domains.list(account())).result;
    expect((await live()).map(({ service }) => service)).toEqual(["wand-domain-two"]);
    expect(await decision(DOMAIN, made, { ...inputs, hostname: "b.example.com" })).toMatchObject({ op: "replace" });
    await handlerOf(DOMAIN).delete(made);
    await handlerOf(DOMAIN).delete(made);
    expect(await live()).toEqual([]);
  });

  it("of a zone that the account does not have is refused", async () => {
    await aWorker("wand-domain-three");
    const elsewhere = {
      accountId: handled.cloud.accountId,
      hostname: "shop.example.org",
      service: "wand-domain-three",
    };
    const error: unknown = await make(DOMAIN, elsewhere).catch((refusal: unknown) => refusal);
    expect(handlerOf(DOMAIN).isRefusal!(error)).toBe(true);
  });
});

describe("where alerts go, and which", () => {
  const webhook = () => ({
    accountId: handled.cloud.accountId,
    name: "wand-alerts",
    url: `${handled.cloud.edgeUrl}/hook`,
  });

  it("is made, found again, changed in place and deleted, the policy before its destination", async () => {
    const destination = await make(WEBHOOK, webhook());
    expect(destination.outputs).toMatchObject({ url: webhook().url, type: "generic" });
    expect((await handlerOf(WEBHOOK).find!("urn", webhook()))?.id).toBe(destination.id);
    const renamed = { ...webhook(), name: "wand-alerts-2" };
    expect(await decision(WEBHOOK, destination, renamed)).toMatchObject({ op: "update", diff: ["name"] });
    await handlerOf(WEBHOOK).update!(destination, renamed);

    const inputs = {
      accountId: handled.cloud.accountId,
      name: "wand-incidents",
      alertType: "incident_alert",
      enabled: true,
      filters: { incidentImpacts: ["INCIDENT_IMPACT_MAJOR"] },
      mechanisms: { emails: [{ id: "ops@example.com" }], webhooks: [{ id: destination.id }] },
    };
    const policy = await make(POLICY, inputs);
    const live = () => handled.api.alerting.policies.get(policy.id, account());
    expect(await live()).toMatchObject({
      name: "wand-incidents",
      enabled: true,
      filters: { incident_impact: ["INCIDENT_IMPACT_MAJOR"] },
      mechanisms: { email: [{ id: "ops@example.com" }], webhooks: [expect.objectContaining({ id: destination.id })] },
    });
    expect((await handlerOf(POLICY).find!("urn", inputs))?.id).toBe(policy.id);
    const off = { ...inputs, enabled: false };
    expect(await decision(POLICY, policy, off)).toMatchObject({ op: "update", diff: ["enabled"] });
    await handlerOf(POLICY).update!(policy, off);
    expect((await live()).enabled).toBe(false);

    for (const [type, made] of [
      [POLICY, policy],
      [POLICY, policy],
      [WEBHOOK, destination],
      [WEBHOOK, destination],
    ] as const)
      await handlerOf(type).delete(made);
    expect(await handlerOf(POLICY).find!("urn", inputs)).toBeUndefined();
    expect(await handlerOf(WEBHOOK).find!("urn", renamed)).toBeUndefined();
  });

  it("has its filters under the names of the API, whatever plural Pulumi gives them", () => {
    const some = { incidentImpacts: ["a"], statuses: ["b"], groupBies: ["c"], affectedAsns: ["d"], wheres: ["e"] };
    expect(filtersToSend(some)).toEqual({
      incident_impact: ["a"],
      status: ["b"],
      group_by: ["c"],
      affected_asns: ["d"],
      where: ["e"],
    });
    expect(() => filtersToSend({ weathers: [] })).toThrow(/filters\.weathers is no filter.*incident_impact/);
  });
});
