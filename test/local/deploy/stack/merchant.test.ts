import type { CloudConnection } from "../../../../local/cloud";
import { atOwnHost, unverified } from "../../../../local/deploy/stack/merchant";
import type { StackConfig } from "../../../../local/deploy/stack/project";

const cloud = { edgeUrl: "http://127.0.0.1:8787" } as CloudConnection;
const config = (values: Record<string, string>): StackConfig => ({ values, secretKeys: [] });
const edgeOf = (values: Record<string, string>, stack = "shop-acme"): string =>
  atOwnHost(cloud, config(values), "wandstore", stack).edgeUrl;
const SHOP = { "wandstore:environment": "shop" };

test("a merchant's stack has a host of its own; others have the bare address", () => {
  expect(edgeOf(SHOP)).toBe("http://wandstore-shop-acme-storefront.localhost:8787");
  expect(edgeOf({ ...SHOP, "wandstore:worker": '{"name":"acme"}' })).toBe("http://acme.localhost:8787");
  expect(edgeOf({ "wandstore:environment": "dev" }, "dev")).toBe(cloud.edgeUrl);
  expect(edgeOf({}, "dev")).toBe(cloud.edgeUrl);
});

test("a Worker off workers.dev has no such host, and a config that cannot be read is for the program to refuse", () => {
  expect(edgeOf({ ...SHOP, "wandstore:worker": '{"subdomain":false}' })).toBe(cloud.edgeUrl);
  for (const text of ["{", "null", "7"]) {
    expect(edgeOf({ ...SHOP, "wandstore:worker": text })).toMatch(/shop-acme-storefront\.localhost/);
  }
});

test("a stack whose name makes no host name is refused by its name", () => {
  expect(() => edgeOf(SHOP, `shop-${"x".repeat(40)}`)).toThrow(
    expect.objectContaining({ code: "BAD_STACK_NAME", message: expect.stringMatching(/at most 36/) }),
  );
});

test("a merchant's pool is not started to be verified, unless the stack's file asks for it", () => {
  const poolOf = (values: Record<string, string>): string | undefined =>
    unverified(config(values), "wandstore").values["wandstore:pool"];
  expect(JSON.parse(poolOf(SHOP)!)).toEqual({ verify: { enabled: false } });
  const pool = '{"size":2,"verify":{"timeoutSeconds":60}}';
  expect(JSON.parse(poolOf({ ...SHOP, "wandstore:pool": pool })!)).toEqual({
    size: 2,
    verify: { timeoutSeconds: 60, enabled: false },
  });
  const asked = '{"verify":{"enabled":true}}';
  expect(poolOf({ ...SHOP, "wandstore:pool": asked })).toBe(asked);
  expect(poolOf({ "wandstore:environment": "dev" })).toBeUndefined();
});
