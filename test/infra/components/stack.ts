import { parseSettings, type Settings } from "../../../infra/config";
import { namesOf } from "../../../infra/naming";
import { ACCOUNT, type Made } from "./program";

export const names = namesOf("dev");

/** The settings of a stack `dev`, and what a test changes in them. */
export const settingsWith = (more: Readonly<Record<string, string>> = {}): Settings =>
  parseSettings({
    "wandstore:environment": "dev",
    "wandstore:accountId": ACCOUNT,
    "wandstore:stores": '["magic-wands"]',
    ...more,
  });

export const VERSION = "11111111-2222-4333-8444-555555555555";
export const FORMER_IMAGE = `registry.cloudflare.com/${ACCOUNT}/wandstore-generator@sha256:${"c".repeat(64)}`;
/** What `wandstore rollback` writes into the stack file. */
export const ROLLBACK = {
  "wandstore:rollback": JSON.stringify({
    release: "20261101T120000Z-11111111",
    versionId: VERSION,
    image: FORMER_IMAGE,
    buildId: "c".repeat(12),
  }),
};
export const migration = { name: "0001_initial.sql", sql: "SELECT 1;", checksum: "c".repeat(64) };

export const summary = (list: readonly Made[]): unknown[] => list.map(({ type, name, inputs }) => [type, name, inputs]);
export const inputsOf = (list: readonly Made[], name: string): Record<string, unknown> =>
  list.find((each) => each.name === name)?.inputs ?? {};
