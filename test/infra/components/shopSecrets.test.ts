import * as pulumi from "@pulumi/pulumi";
import { ShopSecrets } from "../../../infra/components";
import { made, valueOf } from "./program";
import { summary } from "./stack";

const rotation = { shopperSigningKey: 1, webhookSigningKey: 1, adminToken: 1 };

test("ShopSecrets: a key that the stack gives is not made", async () => {
  const { made: list, returned } = await made("dev", {}, () => {
    return new ShopSecrets("secrets", { given: { ADMIN_TOKEN: pulumi.secret("given") }, rotation });
  });
  expect(list.map(({ name }) => name)).toEqual(["secrets-shopper-signing-key", "secrets-webhook-signing-key"]);
  expect(await valueOf(returned.adminToken)).toBe("given");
  expect(await pulumi.isSecret(returned.adminToken)).toBe(true);
});

test("ShopSecrets: three are generated, the rest is what the stack was given, and all of it is secret", async () => {
  const { made: list, returned } = await made("dev", {}, () => {
    return new ShopSecrets("secrets", { given: { KIMI_API_KEY: pulumi.secret("planted") }, rotation });
  });
  const inputs = { length: 48, special: false };
  expect(summary(list)).toEqual(
    ["secrets-admin-token", "secrets-shopper-signing-key", "secrets-webhook-signing-key"].map((name) => [
      "random:index/randomPassword:RandomPassword",
      name,
      inputs,
    ]),
  );
  expect(await valueOf(returned.values)).toEqual({
    ADMIN_TOKEN: "made-secrets-admin-token",
    KIMI_API_KEY: "planted",
    SHOPPER_SIGNING_KEY: "made-secrets-shopper-signing-key",
    WEBHOOK_SIGNING_KEY: "made-secrets-webhook-signing-key",
  });
  expect(await pulumi.isSecret(returned.values)).toBe(true);
  expect(await pulumi.isSecret(returned.adminToken)).toBe(true);
});

test("ShopSecrets: one that is rotated is made anew; of a signing key the one before stays, of the token it does not", async () => {
  const secrets = async (numbers: Partial<typeof rotation>) => {
    const { made: list, returned } = await made("dev", {}, () => {
      return new ShopSecrets("secrets", { given: {}, rotation: { ...rotation, ...numbers } });
    });
    return [list.map(({ name }) => name), await valueOf(returned.values)] as const;
  };
  const [names, values] = await secrets({ shopperSigningKey: 2, adminToken: 3 });
  expect(names).toEqual([
    "secrets-admin-token-3",
    "secrets-shopper-signing-key",
    "secrets-shopper-signing-key-2",
    "secrets-webhook-signing-key",
  ]);
  expect(values).toEqual({
    ADMIN_TOKEN: "made-secrets-admin-token-3",
    SHOPPER_SIGNING_KEY: "made-secrets-shopper-signing-key-2,made-secrets-shopper-signing-key",
    WEBHOOK_SIGNING_KEY: "made-secrets-webhook-signing-key",
  });
  const [later] = await secrets({ shopperSigningKey: 3 });
  expect(later).toContain("secrets-shopper-signing-key-2");
  expect(later).not.toContain("secrets-shopper-signing-key");
});
