import { cp, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { itIf } from "../../../support/skip";
import { atEdge, startTestCloud, type TestCloud } from "../support";
import { Judge } from "../wrangler/judge";
import { HAS_TERRAFORM, NEEDS, Terraform } from "./support";

/** What a platform team does with an account by Terraform, with Cloudflare's own provider. */
const itWithCli = itIf(HAS_TERRAFORM, NEEDS);
const LIMIT_MS = 600_000;
const FIXTURE = path.join(__dirname, "account");
/** Takes fields away, as an override file beside the others. */
const BARE = path.join(__dirname, "bare/bare_override.tf");
const SECRET = "a secret";

let test: TestCloud;
let judge: Judge;
let terraform: Terraform;

beforeAll(async () => {
  if (!HAS_TERRAFORM) return;
  test = await startTestCloud();
  judge = new Judge(test);
  await judge.start();
  const { apiToken, accountId } = test.cloud;
  terraform = await Terraform.open(FIXTURE, { apiUrl: judge.url, apiToken, accountId });
}, LIMIT_MS);

afterAll(async () => {
  if (!HAS_TERRAFORM) return;
  await terraform.remove();
  await judge.stop();
  await test.stop();
});

const api = async <T>(method: string, at: string, body?: unknown, headers?: Record<string, string>): Promise<T> => {
  const answer = await test.api(method, at.replace(/^~/, `/accounts/${test.accountId}`), body, headers);
  if (answer.status !== 200) throw new Error(`${method} ${at}: ${JSON.stringify(answer.body.errors)}`);
  return answer.body.result;
};

const shop = async (host: string, at = "/"): Promise<unknown> =>
  JSON.parse((await atEdge(test.cloud.edgeUrl, host, at)).text);

itWithCli(
  "an account is made of nothing, its Workers answer, and the next plan is empty",
  async () => {
    await terraform.apply();
    expect((await terraform.plan()).actions).toEqual({});
    const answer = { backend: "from the backend", one: 1, cached: "value", bucket: 0, limits: { most: 3 } };
    for (const host of ["tf-shop.localhost", "tf-gradual.localhost", "tf.example.com"]) {
      expect(await shop(host)).toMatchObject({ ...answer, colour: "red", secret: SECRET.length });
    }
    expect(await shop("example.com", "/tf/x")).toMatchObject(answer);
    expect((await atEdge(test.cloud.edgeUrl, "example.com", "/tf/not/x")).status).toBe(404);
    const values = await terraform.values();
    const found = (name: string): unknown => values[`data.cloudflare_${name}`]?.["result"];
    expect(found("workers_kv_namespaces.all")).toMatchObject([{ title: "tf cache" }]);
    expect(found("d1_databases.named")).toMatchObject([{ name: "tf-plain", version: "production" }]);
    expect(found("workers_scripts.all")).toHaveLength(4);
    expect(found("workers_routes.all")).toHaveLength(2);
    expect(found("zones.all")).toMatchObject([{ name: "example.com", status: "active" }]);
    expect(values["data.cloudflare_account.own"]).toMatchObject({ id: test.accountId });
  },
  LIMIT_MS,
);

itWithCli(
  "what changes in the files is changed in place where Cloudflare can, and the next plan is empty",
  async () => {
    const changed = "-var=changed=true";
    expect((await terraform.plan(changed)).actions).toEqual({
      "cloudflare_d1_database.replicated": "update",
      "cloudflare_notification_policy.usage": "update",
      "cloudflare_notification_policy_webhooks.ops": "update",
      "cloudflare_r2_bucket.plain": "update",
      "cloudflare_r2_bucket_lifecycle.european": "update",
      "cloudflare_worker.gradual": "update",
      "cloudflare_worker_version.plain": "delete, create",
      "cloudflare_workers_cron_trigger.shop": "update",
      "cloudflare_workers_custom_domain.shop": "delete, create",
      "cloudflare_workers_deployment.plain": "delete, create",
      "cloudflare_workers_kv.plain": "update",
      "cloudflare_workers_kv_namespace.cache": "update",
      "cloudflare_workers_route.shop": "update",
      "cloudflare_workers_script.shop": "update",
      "cloudflare_workers_script_subdomain.shop": "update",
    });
    await terraform.ok("apply", "-compact-warnings", "plan");
    expect((await terraform.plan(changed)).actions).toEqual({});
    expect(await shop("tf-shop.localhost")).toMatchObject({ colour: "green", secret: "another secret".length });
    expect((await atEdge(test.cloud.edgeUrl, "tf.example.com")).text).toBe("from the backend");
  },
  LIMIT_MS,
);

itWithCli(
  "fields that go from the files go from the account, and the next plan is empty",
  async () => {
    const changed = "-var=changed=true";
    const override = path.join(terraform.dir, path.basename(BARE));
    await cp(BARE, override);
    await terraform.apply(changed);
    expect((await terraform.plan(changed)).actions).toEqual({});
    await rm(override);
    await terraform.apply(changed);
  },
  LIMIT_MS,
);

itWithCli(
  "what somebody changed by hand is found, and put right",
  async () => {
    const ids = await terraform.values();
    const id = (address: string): string => ids[address]?.["id"] ?? "";
    await api("PUT", `~/storage/kv/namespaces/${id("cloudflare_workers_kv_namespace.cache")}`, { title: "by hand" });
    await api("PUT", "~/r2/buckets/tf-european/lifecycle", { rules: [] }, { "cf-r2-jurisdiction": "eu" });
    await api("PATCH", `~/workers/workers/${id("cloudflare_worker.gradual")}`, { tags: ["by hand"] });
    await api("PATCH", "~/workers/scripts/tf-shop/script-settings", { logpush: true });
    await api("POST", "~/workers/scripts/tf-shop/subdomain", { enabled: false });
    await api("PUT", `~/alerting/v3/policies/${id("cloudflare_notification_policy.usage")}`, { enabled: false });
    await api("DELETE", `~/alerting/v3/policies/${id("cloudflare_notification_policy.usage")}`);
    await api("DELETE", `~/d1/database/${id("cloudflare_d1_database.replicated")}`);
    await api("DELETE", `~/workers/domains/${id("cloudflare_workers_custom_domain.shop")}`);
    const changed = "-var=changed=true";
    const { actions, drifted } = await terraform.plan(changed);
    expect(actions).toEqual({
      "cloudflare_d1_database.replicated": "create",
      "cloudflare_notification_policy.usage": "create",
      "cloudflare_r2_bucket_lifecycle.european": "update",
      "cloudflare_worker.gradual": "update",
      "cloudflare_workers_custom_domain.shop": "create",
      "cloudflare_workers_kv_namespace.cache": "update",
      "cloudflare_workers_script.shop": "update",
      "cloudflare_workers_script_subdomain.shop": "update",
    });
    expect(drifted).toEqual(expect.arrayContaining(Object.keys(actions)));
    await terraform.ok("apply", "-compact-warnings", "plan");
    expect((await terraform.plan(changed)).actions).toEqual({});
  },
  LIMIT_MS,
);

itWithCli(
  "what is there already is imported, with nothing to change",
  async () => {
    const values = await terraform.values();
    const importable: Record<string, string[]> = {
      "cloudflare_d1_database.plain": ["account_id", "id"],
      "cloudflare_notification_policy.usage": ["account_id", "id"],
      "cloudflare_r2_bucket.european": ["account_id", "name", "jurisdiction"],
      "cloudflare_worker.gradual": ["account_id", "id"],
      "cloudflare_worker_version.plain": ["account_id", "worker_id", "id"],
      "cloudflare_workers_custom_domain.shop": ["account_id", "id"],
      "cloudflare_workers_deployment.plain": ["account_id", "script_name", "id"],
      "cloudflare_workers_kv.described": ["account_id", "namespace_id", "id"],
      "cloudflare_workers_kv_namespace.cache": ["account_id", "id"],
      "cloudflare_workers_route.shop": ["zone_id", "id"],
      "cloudflare_workers_script_subdomain.shop": ["account_id", "script_name"],
    };
    const addresses = Object.keys(importable);
    await terraform.ok("state", "rm", ...addresses);
    const blocks = Object.entries(importable).map(([address, fields]) => {
      const id = fields.map((field) => values[address]?.[field]).join("/");
      return `import {\n  to = ${address}\n  id = ${JSON.stringify(id)}\n}\n`;
    });
    await writeFile(path.join(terraform.dir, "imports.tf"), blocks.join("\n"));
    const { actions } = await terraform.plan("-var=changed=true");
    expect(actions).toEqual(Object.fromEntries(addresses.map((address) => [address, "import"])));
    await terraform.ok("apply", "-compact-warnings", "plan");
  },
  LIMIT_MS,
);

itWithCli(
  "destroy copes with what is gone already, and leaves nothing",
  async () => {
    await api("DELETE", "~/workers/scripts/tf-shop?force=true");
    await api("DELETE", "~/r2/buckets/tf-plain");
    await terraform.ok("destroy", "-auto-approve", "-input=false", "-compact-warnings");
    expect(await terraform.values()).toEqual({});
    expect(await api("GET", "~/workers/workers")).toEqual([]);
    expect(await api("GET", "~/storage/kv/namespaces")).toEqual([]);
    expect(await api("GET", "~/d1/database")).toEqual([]);
    expect(await api("GET", "~/r2/buckets")).toEqual({ buckets: [] });
    expect(await api("GET", "~/workers/domains")).toEqual([]);
    expect(await api("GET", "~/alerting/v3/policies")).toEqual([]);
  },
  LIMIT_MS,
);

itWithCli("every answer that the provider had is one that Cloudflare describes", async () => {
  expect(judge.problems).toEqual([]);
});
