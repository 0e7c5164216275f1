import { ACCOUNT, testProvider, type Tested, urnOf } from "./setup";

const URN = urnOf("DurableObjectNamespace");
const inputs = { accountId: ACCOUNT, scriptName: "wandstore-dev-storefront", className: "Generator" };
const namespace = { id: "ns-1", script: inputs.scriptName, class: inputs.className };
const others = [
  { ...namespace, id: "ns-2", script: "wandstore-dev2-storefront" },
  { ...namespace, id: "ns-3", class: "Generator2" },
];

let listed: (ask: number) => object[];
let tested: Tested;
beforeEach(async () => {
  tested = await testProvider(() => ({ result: listed(tested.double.received.length) }));
});
afterEach(() => tested.double.close());

test("the namespace of this class of this Worker is found among others", async () => {
  listed = () => [...others, namespace];
  const { id, outs } = await tested.provider.create(URN, inputs);
  expect([id, outs.namespaceId]).toEqual(["ns-1", "ns-1"]);
});

test("a list that lags behind the deployment is asked again, half a second apart", async () => {
  listed = (ask) => (ask < 3 ? others : [namespace]);
  expect((await tested.provider.create(URN, inputs)).id).toBe("ns-1");
  expect(tested.waits).toEqual([500, 500]);
});

test("after five times it says what has to be deployed first", async () => {
  listed = () => others;
  await expect(tested.provider.create(URN, inputs)).rejects.toThrow(
    /has no Durable Object namespace for the class Generator/,
  );
  expect(tested.double.received).toHaveLength(5);
});

test("an account with more than a page of them is read to the end", async () => {
  const full = Array.from({ length: 1000 }, (_, index) => ({ ...namespace, id: `x-${index}`, script: "x" }));
  listed = (ask) => (ask === 1 ? full : [namespace]);
  expect((await tested.provider.create(URN, inputs)).id).toBe("ns-1");
  expect(tested.double.received.map(({ path }) => path.split("?")[1])).toEqual([
    "per_page=1000&page=1",
    "per_page=1000&page=2",
  ]);
});

test("read follows what is live; every change of an input replaces", async () => {
  listed = () => others;
  expect((await tested.provider.read("ns-1", URN, { ...inputs, namespaceId: "ns-1" })).id).toBe("");
  expect(await tested.provider.diff("ns-1", URN, inputs, { ...inputs, className: "X" })).toMatchObject({
    replaces: ["className"],
  });
});
