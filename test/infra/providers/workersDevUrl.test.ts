import type { Answer } from "../httpDouble";
import { ACCOUNT, NOT_FOUND, testProvider, type Tested, urnOf } from "./setup";

const URN = urnOf("WorkersDevUrl");
const inputs = { accountId: ACCOUNT, scriptName: "wandstore-staging-storefront" };

let worker: Answer;
let account: Answer;
let tested: Tested;
beforeEach(async () => {
  worker = { result: { id: "w", name: inputs.scriptName, subdomain: { enabled: true } } };
  account = { result: { subdomain: "acme" } };
  tested = await testProvider(({ path }) => (path.endsWith("/workers/subdomain") ? account : worker));
});
afterEach(() => tested.double.close());

test("it is made of the Worker's name and the account's, where the Worker does not tell its address", async () => {
  const { id, outs } = await tested.provider.create(URN, inputs);
  expect(id).toBe(`${ACCOUNT}/wandstore-staging-storefront`);
  expect(outs).toEqual({ ...inputs, url: "https://wandstore-staging-storefront.acme.workers.dev" });
});

test.each([
  ["wandstore-staging-storefront.acme.workers.dev", "https://wandstore-staging-storefront.acme.workers.dev"],
  [
    "http://wandstore-staging-storefront.acme.localhost:8787/",
    "http://wandstore-staging-storefront.acme.localhost:8787",
  ],
])("where the Worker tells %s it is %s", async (told, url) => {
  worker = { result: { subdomain: { enabled: true, url: told } } };
  expect((await tested.provider.create(URN, inputs)).outs).toMatchObject({ url });
  expect(tested.double.received).toHaveLength(1);
});

test.each([
  ["has no name on workers.dev", { result: {} }],
  ["was never asked for one", NOT_FOUND],
])("an account that %s is told how to get one", async (_, answer) => {
  account = answer;
  await expect(tested.provider.create(URN, inputs)).rejects.toThrow(/no name there yet.*worker\.domain/);
});

test("a Worker that is gone has none; a new name of the account is seen by a refresh", async () => {
  const state = { ...inputs, url: "https://wandstore-staging-storefront.acme.workers.dev" };
  account = { result: { subdomain: "newer" } };
  const { props } = await tested.provider.read(`${ACCOUNT}/x`, URN, state);
  expect(props).toMatchObject({ url: "https://wandstore-staging-storefront.newer.workers.dev" });
  worker = NOT_FOUND;
  expect((await tested.provider.read(`${ACCOUNT}/x`, URN, state)).id).toBe("");
});

test("it is imported by account and name", async () => {
  const { id, inputs: found } = await tested.provider.read(`${ACCOUNT}/${inputs.scriptName}`, URN, {});
  expect([id, found]).toEqual([`${ACCOUNT}/${inputs.scriptName}`, inputs]);
});
