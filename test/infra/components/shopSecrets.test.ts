import * as pulumi from "@pulumi/pulumi";
import { ShopSecrets } from "../../../infra/components";
import { made, valueOf } from "./program";
import { summary } from "./stack";

test("ShopSecrets: a key that the stack gives is not made", async () => {
  const { made: list, returned } = await made("dev", {}, () => {
    return new ShopSecrets("secrets", { given: { ADMIN_TOKEN: pulumi.secret("given") } });
  });
  expect(list.map(({ name }) => name)).toEqual(["secrets-shopper-signing-key", "secrets-webhook-signing-key"]);
  expect(await valueOf(returned.adminToken)).toBe("given");
  expect(await pulumi.isSecret(returned.adminToken)).toBe(true);
});

test("ShopSecrets: three are generated, the rest is what the stack was given, and all of it is secret", async () => {
  const { made: list, returned } = await made("dev", {}, () => {
    return new ShopSecrets("secrets", { given: { KIMI_API_KEY: pulumi.secret("planted") } });
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
