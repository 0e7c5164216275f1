import { parseSettings, type Settings } from "../../../infra/config";

export const KIMI = [{ kind: "kimi", model: "kimi-k2.6" }];

/** Settings of a stack, as its file would say them. */
export const settingsWith = (more: Record<string, unknown> = {}): Settings =>
  parseSettings({
    "wandstore:environment": "prod",
    "wandstore:accountId": "0".repeat(32),
    "wandstore:stores": '["magic-wands"]',
    "wandstore:worker": '{"domain":"shop.example.com"}',
    ...Object.fromEntries(
      Object.entries(more).map(([key, value]) => [
        `wandstore:${key}`,
        typeof value === "string" ? value : JSON.stringify(value),
      ]),
    ),
  });
