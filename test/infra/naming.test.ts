import { namesOf } from "../../infra/naming";

test("every name says whose it is and of which stack", () => {
  expect(namesOf("dev")).toEqual({
    kv: {
      UI_CACHE: "wandstore-dev-ui-cache",
      GENERATION_QUEUE: "wandstore-dev-generation-queue",
      SHOPPER_SESSIONS: "wandstore-dev-shopper-sessions",
      STORES: "wandstore-dev-stores",
    },
    database: "wandstore-dev-db",
    bucket: "wandstore-dev-generated-ui",
    worker: "wandstore-dev-storefront",
    generator: "wandstore-dev-generator",
    alerts: "wandstore-dev-alerts",
  });
});

test("the longest stack name still makes a DNS label", () => {
  expect(namesOf("s".repeat(36)).worker.length).toBeLessThanOrEqual(63);
  expect(() => namesOf("s".repeat(37))).toThrow(RangeError);
});

test.each(["Dev", "shop_acme", "a--b", "-a", "a-", ""])("%j cannot be a stack's name", (stack) => {
  expect(() => namesOf(stack)).toThrow(/at most 36/);
});
