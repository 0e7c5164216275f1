import { inspect } from "node:util";
import { NotReadyError } from "../../../../infra/providers/errors";
import { createProvider, type WandStoreProvider } from "../../../../infra/providers/provider";
import { decide } from "../../../../local/deploy/engine/decide";
import { isSecret, secret, type Props } from "../../../../local/deploy/engine/values";
import type { HandlerContext } from "../../../../local/deploy/handlers/context";
import { NotReady, type Handler } from "../../../../local/deploy/handlers/handler";
import { wandstoreResource } from "../../../../local/deploy/handlers/wandstore";

const URN = "urn:pulumi:dev::wandstore::wandstore:index:ContainerApplication::pool";
const cloud = { apiUrl: "http://127.0.0.1:1", edgeUrl: "", registryUrl: "", accountId: "a", apiToken: "t" };
const context: HandlerContext = { projectDir: "/", programDir: "/", cloud };
const inputs = (more: Props = {}): Props => ({
  accountId: "a",
  name: "wandstore-dev-generator",
  namespaceId: "n",
  image: `registry.cloudflare.com/a/wandstore-generator@sha256:${"a".repeat(64)}`,
  instanceType: "lite",
  maxInstances: 10,
  verification: secret({ url: "https://shop.example.com", token: "hush", members: 10, timeoutSeconds: 60 }),
  ...more,
});

const pushesNothing = () => Promise.reject(new Error("nothing is pushed here"));

/** The handler over a provider of which some calls are others. */
const handler = (calls: Partial<WandStoreProvider> = {}, given = context): Handler =>
  wandstoreResource(given, pushesNothing, (options) => ({ ...createProvider(options), ...calls }));
const decision = (news: Props) => {
  const old = { urn: URN, id: "i", inputs: inputs(), outputs: { ...inputs(), applicationId: "i" } };
  const state = {
    ...old,
    type: "t",
    name: "pool",
    custom: true,
    dependencies: [],
    protect: false,
    retainOnDelete: false,
  };
  return decide(handler(), state, news, { replaceOnChanges: [], deleteBeforeReplace: undefined });
};

describe("a resource of our own provider", () => {
  it("that is there and does not work is handed to the engine with its reasons, id and secrets", async () => {
    const ill = async () => Promise.reject(new NotReadyError("i", { applicationId: "i" }, ["pool-3 answers 500."]));
    const old = { urn: URN, id: "i", inputs: inputs(), outputs: inputs() };
    for (const call of [
      handler({ create: ill }).create(URN, inputs()),
      handler({ update: ill }).update!(old, inputs()),
    ]) {
      const error: unknown = await call.catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(NotReady);
      const { made, reasons } = error as NotReady;
      expect(reasons).toEqual(["pool-3 answers 500."]);
      expect(made).toMatchObject({ id: "i", outputs: { applicationId: "i", maxInstances: 10 } });
      expect(isSecret(made.outputs.verification)).toBe(true);
      expect(inspect(error, { depth: null })).not.toContain("hush");
    }
    const refused = handler({ create: () => Promise.reject(new Error("no")) }).create(URN, inputs());
    await expect(refused).rejects.toThrow("no");
  });

  it("is not touched for a change that the provider says does not count", async () => {
    const longer = secret({ url: "https://shop.example.com", token: "hush", members: 10, timeoutSeconds: 90 });
    expect(await decision(inputs({ verification: longer }))).toMatchObject({ op: "same" });
    expect(await decision(inputs({ verification: longer, maxInstances: 7 }))).toMatchObject({
      op: "update",
      diff: ["maxInstances"],
      stables: ["applicationId"],
    });
    expect(await decision(inputs({ name: "another" }))).toMatchObject({ op: "replace", deleteBeforeReplace: true });
  });

  it("is refused with all that is wrong with its inputs", async () => {
    const wrong = handler().check!(URN, inputs({ maxInstances: 0, instanceType: "huge" }), undefined);
    await expect(wrong).rejects.toThrow(/instanceType.*maxInstances|maxInstances.*instanceType/);
  });

  it("can be told to stop waiting", async () => {
    const controller = new AbortController();
    const seen: unknown[] = [];
    const create: WandStoreProvider["create"] = async (_urn, _inputs, call) => {
      seen.push(call?.signal);
      return { id: "i", outs: {} };
    };
    await handler({ create }, { ...context, signal: controller.signal }).create(URN, inputs());
    expect(seen).toEqual([controller.signal]);
  });
});
