import { parseSettings, warningsOf } from "../../infra/config";
import { RULES } from "../../infra/config/contradictions";
import { ACCOUNT, least, problemsOf } from "./stackFile";

const DIGEST = `sha256:${"ab".repeat(32)}`;
const imageOf = (account: string) => `registry.cloudflare.com/${account}/wandstore-generator@${DIGEST}`;
const OTHER = "f".repeat(32);
const rollback = {
  release: "20260701T101500Z-0a1b2c3d",
  versionId: "0a1b2c3d-0000-4000-8000-000000000000",
  image: imageOf(ACCOUNT),
};
const HOOK = { alertWebhookUrl: "https://hooks.example.com/x" };

describe("settings that contradict each other", () => {
  test.each<[what: string, more: Record<string, unknown>, problem: string]>([
    [
      "debug routes in prod",
      { environment: "prod", debug: { enabled: true } },
      "debug.enabled: found true; debug routes are never open in prod; set it to false",
    ],
    [
      "unsigned links in prod",
      { environment: "prod", identity: { unsignedLinks: true } },
      "identity.unsignedLinks: found true; in prod anyone could act as any shopper; set it to false",
    ],
    [
      "no way to the shop",
      { worker: { subdomain: false } },
      "worker.subdomain: found false; without worker.domain nobody could reach the shop; set one, or true here",
    ],
    [
      "a zone without a domain",
      { worker: { zone: "example.com" } },
      'worker.zone: found "example.com"; a zone says where worker.domain is, and there is none; ' +
        "set worker.domain, or leave the zone out",
    ],
    [
      "a domain that only looks as if it were in the zone",
      { worker: { domain: "notshop.com", zone: "shop.com" } },
      'worker.zone: found "shop.com"; worker.domain is notshop.com, which is not in that zone; ' +
        "set the zone that it ends in, or leave the zone out",
    ],
    [
      "an image of another account",
      { image: { ref: imageOf(OTHER) } },
      `image.ref: found "${imageOf(OTHER)}"; Cloudflare's registry gives an account only its own images; ` +
        `expected registry.cloudflare.com/${ACCOUNT}/…`,
    ],
    [
      "a rollback to an image of another account",
      { rollback: { ...rollback, image: imageOf(OTHER) } },
      `rollback.image: found "${imageOf(OTHER)}"; Cloudflare's registry gives an account only its own images; ` +
        `expected registry.cloudflare.com/${ACCOUNT}/…`,
    ],
    [
      "a rollback to a release whose version it does not name",
      { rollback: { ...rollback, versionId: "ffffffff-0000-4000-8000-000000000000" } },
      'rollback.versionId: found "ffffffff-0000-4000-8000-000000000000"; it is not the version of release ' +
        "20260701T101500Z-0a1b2c3d; let `wandstore rollback` write this group",
    ],
    [
      "stores that may spend more than the stack",
      { stores: ["a-shop", "b-shop"], budget: { monthlyUsd: 100, perStoreDailyUsd: 2 } },
      "budget.perStoreDailyUsd: found 2; 2 stores could spend 120 USD in 30 days, more than budget.monthlyUsd (100); " +
        "expected at most 1.66",
    ],
    [
      "alerts with nobody to tell",
      { alerts: { cacheHitPercent: 80 } },
      "alerts.email: found []; there is nobody to tell; name an address, set the secret alertWebhookUrl, or leave alerts out",
    ],
  ])("%s", (_, more, problem) => {
    expect(problemsOf(least(more))).toEqual([problem]);
  });

  test.each<[what: string, more: Record<string, unknown>, secret?: string[]]>([
    ["debug routes in staging", { environment: "staging", debug: { enabled: true } }],
    ["the flag that prod's data may go", { environment: "prod", protect: false }],
    ["no workers.dev where the edge has an address", { worker: { subdomain: false }, edgeUrl: "http://127.0.0.1:1" }],
    ["a domain in its zone", { worker: { domain: "a.shop.com", zone: "shop.com" } }],
    ["a domain that is its zone", { worker: { domain: "shop.com", zone: "shop.com" } }],
    ["a gradual rollout in dev", { worker: { rollout: 10 } }],
    ["an image of the account", { image: { ref: imageOf(ACCOUNT) } }],
    ["an image of another registry", { image: { ref: `ghcr.io/team/generator@${DIGEST}` } }],
    ["a rollback", { rollback }],
    ["a rollback over a prebuilt image", { rollback, image: { ref: imageOf(ACCOUNT) } }],
    ["stores within the budget", { stores: ["a-shop", "b-shop"], budget: { monthlyUsd: 120, perStoreDailyUsd: 2 } }],
    ["alerts to an address", { alerts: { email: ["a@b.io"] } }],
    ["alerts to a webhook", { alerts: { cacheHitPercent: 80 }, ...HOOK }, ["alertWebhookUrl"]],
  ])("near miss: %s", (_, more, secret = []) => {
    expect(problemsOf(least(more), {}, secret)).toEqual([]);
  });

  test("are found beside a mistake elsewhere, and not told of what is wrong by itself", () => {
    const raw = least({ environment: "prod", debug: { enabled: true }, worker: { zone: "shop.com", rollout: 500 } });
    expect(problemsOf(raw).map((problem) => problem.split(":")[0])).toEqual(["worker.rollout", "debug.enabled"]);
  });

  test("are each told in the reference", () => {
    expect(RULES.filter(({ says }) => !/^[`A-Z].+\.$/.test(says))).toEqual([]);
  });
});

describe("warnings", () => {
  const warnings = (more: Record<string, unknown>, secrets: string[] = []) =>
    warningsOf(parseSettings(least(more), {}), secrets);
  const llm = {
    providers: [
      { kind: "kimi", model: "kimi-k2.6" },
      { kind: "claude", model: "claude-haiku-5-5" },
    ],
  };
  const KIMI =
    "llm.providers[0] (kimi, kimi-k2.6) has no key and is left out; " + // the whole sentence, once
    "`pulumi config set --secret wandstore:kimiApiKey`";
  const CLAUDE =
    "llm.providers[1] (claude, claude-haiku-5-5) has no key and is left out; " +
    "`pulumi config set --secret wandstore:claudeApiKey`";

  test("there are none for what is as it is usually meant", () => {
    expect(warnings({})).toEqual([]);
    expect(warnings({ llm }, ["KIMI_API_KEY", "CLAUDE_API_KEY", "ADMIN_TOKEN"])).toEqual([]);
    expect(warnings({ environment: "prod" })).toEqual([]);
  });

  test("a model without its key is left out, which is no error", () => {
    expect(warnings({ llm }, ["CLAUDE_API_KEY"])).toEqual([KIMI]);
    expect(warnings({ llm })).toEqual([KIMI, CLAUDE, "No model can be asked: the template makes every page."]);
  });

  test("a key without a model has no use", () => {
    expect(warnings({}, ["LLM_API_KEY"])).toEqual([
      "llmApiKey is not used: llm.providers names no model of kind openai.",
    ]);
  });

  test("an address for incidents is told nothing of the stack's own figures", () => {
    const alerts = { email: ["ops@example.com"] };
    expect(warnings({ alerts })).toEqual([
      "alerts.email hears of Cloudflare's incidents alone: nobody is told of alerts on the stack's own figures; " +
        "`pulumi config set --secret wandstore:alertWebhookUrl`",
    ]);
    expect(warnings({ alerts }, ["ALERT_WEBHOOK_URL"])).toEqual([]);
  });

  test("prod without protection is told at every update", () => {
    expect(warnings({ environment: "prod", protect: false }).join()).toMatch(/^protect is false: after this update/);
  });

  test("a rollback is told, with what it overrules", () => {
    const stays = "The stack stays at release 20260701T101500Z-0a1b2c3d until `wandstore rollback --clear`.";
    expect(warnings({ rollback })).toEqual([stays]);
    expect(warnings({ rollback, image: { ref: imageOf(ACCOUNT) }, worker: { rollout: 5 } })).toEqual([
      `${stays} image.ref and worker.rollout wait until then.`,
    ]);
  });

  test("a rotation of a secret that the stack gives itself has no effect", () => {
    const rotation = { adminToken: 2, shopperSigningKey: 2 };
    expect(warnings({ rotation })).toEqual([]);
    expect(warnings({ rotation }, ["ADMIN_TOKEN", "WEBHOOK_SIGNING_KEY"])).toEqual([
      "rotation.adminToken has no effect: the stack gives adminToken itself. Rotate it with " +
        "`pulumi config set --secret wandstore:adminToken`.",
    ]);
  });
});
