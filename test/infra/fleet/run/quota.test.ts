import { EACH_SHOP, judgeQuota, ownNames, type Quota, quotaRefusal } from "../../../../infra/fleet/run/quota";
import { DURABLE_OBJECT_HISTORY } from "../../../../infra/components/durableObjectHistory";
import { ACCOUNT_LIMITS } from "../../../../policies/rules/accountLimits";
import { limitsOf } from "../../../../policies/thresholds";

const ALLOWED = limitsOf(ACCOUNT_LIMITS, {}) as Readonly<Record<Quota, number>>;
const POOL = { vcpu: 10 / 16, memoryGib: 2.5, diskGb: 20 };
const shops = (count: number) => Array.from({ length: count }, () => ({ ...EACH_SHOP, ...POOL }));

test("a hundred shops fill the classes that an account has, and fit", () => {
  const lines = judgeQuota(shops(100), { workers: 20 }, ALLOWED);
  expect(quotaRefusal(lines, 100)).toBeUndefined();
  expect(lines.find(({ quota }) => quota === "classes")).toEqual({
    quota: "classes",
    what: "Durable Object classes",
    there: undefined,
    shops: 500,
    allowed: 500,
    fits: true,
  });
});

test("one more does not, nor do a hundred beside another stack; all that is too much is told at once, with what to do", () => {
  expect(quotaRefusal(judgeQuota(shops(101), {}, ALLOWED), 101)).toMatch(
    /classes: 101 shops take 505; the account has 500/,
  );
  const refusal = quotaRefusal(judgeQuota(shops(100), { classes: 5, workers: 450, vcpu: 1437.51 }, ALLOWED), 100);
  expect(refusal?.split("\n")).toEqual([
    "the account has no room for 100 shops; nothing was begun:",
    "- Workers: 100 shops take 100, and 450 are there besides; the account has 500 (threshold workers)",
    "- Durable Object classes: 100 shops take 500, and 5 are there besides; the account has 500 (threshold classes)",
    "- vCPUs of containers: 100 shops take 62.5, and 1437.51 are there besides; the account has 1500 (threshold vcpu)",
    expect.stringMatching(/^Deploy fewer shops, .* set the thresholds of account-limits in policies\/config\.json\.$/),
  ]);
});

test("more can be allowed", () => {
  const lines = judgeQuota(shops(200), {}, { ...ALLOWED, classes: 1000 });
  expect(lines.filter(({ fits }) => !fits)).toEqual([]);
});

test("a shop takes the classes that the program makes, and all that counts has its names", () => {
  const made = DURABLE_OBJECT_HISTORY.flatMap((step) => ("newSqliteClasses" in step ? step.newSqliteClasses : []));
  expect(made).toHaveLength(EACH_SHOP.classes);
  expect(ownNames("shop-acme")).toEqual([
    "wandstore-shop-acme-ui-cache",
    "wandstore-shop-acme-generation-queue",
    "wandstore-shop-acme-shopper-sessions",
    "wandstore-shop-acme-stores",
    "wandstore-shop-acme-db",
    "wandstore-shop-acme-storefront",
    "wandstore-shop-acme-generator",
  ]);
  expect(ownNames("shop-acme", "acme")).toContain("acme");
});
