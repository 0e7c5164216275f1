import type { Answer, Received } from "../httpDouble";
import { ACCOUNT, NOT_FOUND, testProvider, type Tested, urnOf } from "./setup";

const URN = urnOf("ContainerApplication");
const IMAGE = `registry.cloudflare.com/${ACCOUNT}/wandstore-generator@sha256:${"a".repeat(64)}`;
const APPLICATIONS = `/accounts/${ACCOUNT}/containers/applications`;
const inputs = {
  accountId: ACCOUNT,
  name: "wandstore-dev-generator",
  namespaceId: "n".repeat(32),
  image: IMAGE,
  instanceType: "lite",
  maxInstances: 10,
};
const live = {
  id: "app-1",
  name: inputs.name,
  max_instances: 10,
  configuration: { image: IMAGE, vcpu: 0.0625, memory_mib: 256 },
  durable_objects: { namespace_id: inputs.namespaceId },
};

let answer: (request: Received) => Answer;
let tested: Tested;
beforeEach(async () => {
  answer = () => ({ result: live });
  tested = await testProvider((request) => answer(request));
});
afterEach(() => tested.double.close());

const calls = () => tested.double.received.map(({ method, path }) => `${method} ${path}`);

test("create sends what wrangler sends", async () => {
  const { id, outs } = await tested.provider.create(URN, inputs);
  expect([id, outs.applicationId]).toEqual(["app-1", "app-1"]);
  expect(tested.double.received).toEqual([
    {
      method: "POST",
      path: APPLICATIONS,
      body: {
        name: inputs.name,
        scheduling_policy: "default",
        instances: 0,
        max_instances: 10,
        configuration: { image: IMAGE, instance_type: "lite", observability: { logs: { enabled: true } } },
        durable_objects: { namespace_id: inputs.namespaceId },
      },
    },
  ]);
});

describe("a lost answer", () => {
  test("is resolved by finding what was made", async () => {
    answer = ({ method }) => (method === "POST" ? "hang up" : { result: [{ ...live, durable_objects: {} }, live] });
    expect((await tested.provider.create(URN, inputs)).id).toBe("app-1");
    expect(calls()).toEqual([`POST ${APPLICATIONS}`, `GET ${APPLICATIONS}?name=wandstore-dev-generator`]);
  });

  test("of a request that never got through stays an error", async () => {
    answer = ({ method }) => (method === "POST" ? "hang up" : { result: [] });
    await expect(tested.provider.create(URN, inputs)).rejects.toThrow(/no answer/);
  });
});

describe("a create that nobody saw the end of", () => {
  test("is found by name and namespace together", async () => {
    answer = () => ({ result: [{ ...live, id: "other", durable_objects: { namespace_id: "m".repeat(32) } }, live] });
    expect(await tested.provider.find(URN, inputs)).toMatchObject({ id: "app-1", outs: { applicationId: "app-1" } });
  });

  test("is not found where only the name is the same", async () => {
    answer = () => ({ result: [{ ...live, durable_objects: { namespace_id: "m".repeat(32) } }] });
    expect(await tested.provider.find(URN, inputs)).toBeUndefined();
  });
});

test("a refusal is not looked into: an application of that name may be another's", async () => {
  answer = () => ({
    status: 400,
    error: { code: 1000, message: '{"error":"DURABLE_OBJECT_ALREADY_HAS_APPLICATION"}' },
  });
  await expect(tested.provider.create(URN, inputs)).rejects.toThrow(
    new RegExp(`DURABLE_OBJECT_ALREADY_HAS_APPLICATION.*pulumi import .* ${ACCOUNT}/`),
  );
  expect(calls()).toHaveLength(1);
});

test.each([
  ["size", { maxInstances: 11 }, [`PATCH ${APPLICATIONS}/app-1`]],
  ["image", { image: IMAGE.replace(/a/g, "b") }, [`GET ${APPLICATIONS}/app-1`, `POST ${APPLICATIONS}/app-1/rollouts`]],
  [
    "both",
    { maxInstances: 11, instanceType: "basic" },
    [`PATCH ${APPLICATIONS}/app-1`, `GET ${APPLICATIONS}/app-1`, `POST ${APPLICATIONS}/app-1/rollouts`],
  ],
])("update of its %s", async (_what, change, expected) => {
  const olds = { ...inputs, applicationId: "app-1" };
  expect(await tested.provider.diff("app-1", URN, olds, { ...inputs, ...change })).toMatchObject({
    changes: true,
    replaces: [],
    stables: ["applicationId"],
  });
  const { outs } = await tested.provider.update("app-1", URN, olds, { ...inputs, ...change });
  expect(outs).toEqual({ ...olds, ...change });
  expect(calls()).toEqual(expected);
});

test("another name or namespace replaces, the old one first", async () => {
  const diff = await tested.provider.diff("app-1", URN, inputs, { ...inputs, namespaceId: "m".repeat(32) });
  expect(diff).toEqual({ changes: true, replaces: ["namespaceId"], deleteBeforeReplace: true });
});

test("read turns the size back into the type, so that nothing seems changed", async () => {
  const { props, inputs: read } = await tested.provider.read("app-1", URN, { accountId: ACCOUNT });
  expect(props).toEqual({ ...inputs, applicationId: "app-1" });
  expect(read).toEqual(inputs);
  expect(await tested.provider.diff("app-1", URN, props, inputs)).toMatchObject({ changes: false });
});

test.each([
  ["image", { configuration: { image: IMAGE.replace(/a/g, "c"), vcpu: 0.0625 } }, ["image"]],
  ["size of an instance", { configuration: { image: IMAGE, vcpu: 0.5 } }, ["instanceType"]],
  ["size that no type has", { configuration: { image: IMAGE, vcpu: 3 } }, ["instanceType"]],
  ["type", { configuration: { image: IMAGE, instance_type: "basic" } }, ["instanceType"]],
  ["type, in a former word", { configuration: { image: IMAGE, instance_type: "standard" } }, ["instanceType"]],
  ["number", { max_instances: 3 }, ["maxInstances"]],
  ["nothing, in a former word for the same type", { configuration: { image: IMAGE, instance_type: "dev" } }, []],
])("read shows what somebody changed by hand: %s", async (_what, change, expected) => {
  answer = () => ({ result: { ...live, ...change } });
  const { props = {} } = await tested.provider.read("app-1", URN, { ...inputs, verifiedBuildId: "a" });
  const differing = Object.entries(inputs).filter(([key, value]) => props[key] !== value);
  expect(differing.map(([key]) => key)).toEqual(expected);
  expect(props.verifiedBuildId).toBe(expected.includes("image") ? undefined : "a");
});

test("import takes the account and the application, and finds all there is to know", async () => {
  const { id, inputs: read } = await tested.provider.read(`${ACCOUNT}/app-1`, URN);
  expect([id, read]).toEqual(["app-1", inputs]);
  answer = () => NOT_FOUND;
  expect((await tested.provider.read(`${ACCOUNT}/app-2`, URN)).id).toBe("");
  await expect(tested.provider.read("app/1/2", URN)).rejects.toThrow("{accountId}/{applicationId}");
});

test("one that is gone reads as gone, and may be deleted again", async () => {
  answer = () => NOT_FOUND;
  expect((await tested.provider.read("app-1", URN, inputs)).id).toBe("");
  await expect(tested.provider.delete("app-1", URN, inputs)).resolves.toBeUndefined();
  expect(calls()).toContain(`DELETE ${APPLICATIONS}/app-1`);
});

describe("a delete", () => {
  const refusal: Answer = { status: 409, error: { code: 1000, message: '{"error":"ROLLOUT_IN_PROGRESS"}' } };
  const active = { ...live, active_rollout_id: "r-1" };

  test("whose answer was lost is done when the application is gone", async () => {
    let isGone = false;
    answer = ({ method }) => {
      if (isGone) return NOT_FOUND;
      isGone = method === "DELETE";
      return "hang up";
    };
    await expect(tested.provider.delete("app-1", URN, inputs)).resolves.toBeUndefined();
  });

  test("of which no answer ever comes is done when the application is gone", async () => {
    answer = ({ method }) => (method === "DELETE" ? "hang up" : NOT_FOUND);
    await expect(tested.provider.delete("app-1", URN, inputs)).resolves.toBeUndefined();
  });

  test("that nobody carries out is an error", async () => {
    answer = ({ method }) => (method === "DELETE" ? { status: 502, raw: "bad gateway" } : { result: live });
    await expect(tested.provider.delete("app-1", URN, inputs)).rejects.toThrow(/DELETE.*502/);
  });

  test("takes back a rollout that is in the way", async () => {
    let isReverted = false;
    answer = ({ method, path }) => {
      if (path.endsWith("/rollouts/r-1")) isReverted = true;
      return method === "DELETE" && !isReverted ? refusal : { result: active };
    };
    await tested.provider.delete("app-1", URN, inputs);
    expect(calls().slice(-2)).toEqual([`POST ${APPLICATIONS}/app-1/rollouts/r-1`, `DELETE ${APPLICATIONS}/app-1`]);
  });

  test("that is refused for a rollout nobody can stop says what to wait for", async () => {
    answer = ({ method }) => (method === "GET" ? { result: active } : refusal);
    await expect(tested.provider.delete("app-1", URN, inputs)).rejects.toThrow(/ROLLOUT_IN_PROGRESS.*still going on/);
  });

  test("that is refused for anything else is refused", async () => {
    answer = ({ method }) => (method === "GET" ? { result: live } : refusal);
    await expect(tested.provider.delete("app-1", URN, inputs)).rejects.toThrow(/ROLLOUT_IN_PROGRESS/);
    expect(calls().filter((call) => call.startsWith("POST"))).toEqual([]);
  });
});
