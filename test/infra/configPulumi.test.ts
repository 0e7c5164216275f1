import { parseSettings } from "../../infra/config";
import { type Raw, least, problemsOf } from "./stackFile";

/** Values as CLI 3.255 handed them to a program, recorded; the comments say what the stack file or command had. */
const sent = (more: Raw): Raw => ({ ...least(), ...more });

test("numbers, decimals and lists of `config set --path` are taken as they come", () => {
  const settings = parseSettings(
    sent({
      "wandstore:pool": '{"size":20}', // --path wandstore:pool.size 20
      "wandstore:observability": '{"logRetentionDays":3,"sampling":"0.5"}', // --path …sampling 0.5
      "wandstore:stores": '["a-shop","b-shop"]', // --path wandstore:stores[0] a-shop
      "wandstore:budget": '{"monthlyUsd":"99.90"}',
      "wandstore:protect": "true", // config set wandstore:protect true: the string "true" in the file
    }),
    {},
  );
  expect([settings.pool.size, settings.observability.sampling, settings.stores]).toEqual([
    20,
    0.5,
    ["a-shop", "b-shop"],
  ]);
  expect([settings.budget?.monthlyUsd, settings.protect]).toEqual([99.9, true]);
});

test("a build id of digits alone arrives as a number and is one all the same", () => {
  const image = { ref: `ghcr.io/team/generator@sha256:${"ab".repeat(32)}`, buildId: 123456789012 };
  expect(parseSettings(sent({ "wandstore:image": JSON.stringify(image) }), {}).image?.buildId).toBe("123456789012");
});

test("an account id of digits alone stays a text, and one that YAML made a number of is refused", () => {
  const digits = "1".repeat(32);
  expect(parseSettings(sent({ "wandstore:accountId": digits }), {}).accountId).toBe(digits);
  // accountId: 11111111111111111111111111111111, without quotes
  expect(problemsOf(sent({ "wandstore:accountId": "1.1111111111111112e+31" }))).toEqual([
    'accountId: found "1.1111111111111112e+31"; expected the account\'s 32 hex digits, in quotes',
  ]);
});

test("a date without quotes is the date", () => {
  const worker = '{"compatibilityDate":"2026-06-15 00:00:00 +0000 UTC"}'; // compatibilityDate: 2026-06-15
  expect(parseSettings(sent({ "wandstore:worker": worker }), {}).worker.compatibilityDate).toBe("2026-06-15");
  const noon = '{"compatibilityDate":"2026-06-15 12:00:00 +0000 UTC"}';
  expect(problemsOf(sent({ "wandstore:worker": noon }))).toHaveLength(1);
});

test.each(["", "null"])("a group with nothing below it (%j) is a group that is left out", (nothing) => {
  const raw = sent({ "wandstore:cache": nothing, "wandstore:alerts": nothing, "wandstore:budget": nothing });
  expect(parseSettings(raw, {}).cache.ttlSeconds).toBe(3600);
  expect(problemsOf(sent({ "wandstore:stores": nothing }))).toEqual(["stores: found nothing; expected a list"]);
});

test.each([
  ["a whole number in quotes", { "wandstore:pool": '{"size":"20"}' }],
  ["a decimal text for a whole number", { "wandstore:pool": '{"size":"20.0"}' }],
  ["a switch in quotes within a group", { "wandstore:debug": '{"enabled":"true"}' }],
  ["YAML 1.1's yes", { "wandstore:protect": "yes" }],
  ["a number with a leading zero", { "wandstore:budget": '{"monthlyUsd":"0300"}' }],
  ["a list as text", { "wandstore:stores": "a-shop,b-shop" }],
])("what Pulumi does not force is refused: %s", (_, more) => {
  expect(problemsOf(sent(more))).toHaveLength(1);
});
