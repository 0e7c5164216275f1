import * as cloudflare from "@pulumi/cloudflare";
import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { existsSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { DURABLE_OBJECT_HISTORY } from "../../../infra/components/durableObjectHistory";
import { DURABLE_OBJECTS } from "../../../runtime/contract/bindings";
import { StoreRecordSchema } from "../../../runtime/contract/store";
import { ACCOUNT, made, valueOf } from "./program";

jest.setTimeout(120_000); // three bundles a run, and the SDKs to load, on a machine that may be busy

const PROJECT_ROOT = join(__dirname, "../../..");
const SDKS = {
  "@pulumi/cloudflare": cloudflare,
  "@pulumi/docker": docker,
  "@pulumi/pulumi": pulumi,
  "@pulumi/random": random,
};
const stores = readdirSync(join(PROJECT_ROOT, "stores")).filter((slug) =>
  existsSync(join(PROJECT_ROOT, "stores", slug, "store.yaml")),
);
const config = (poolSize: number) => ({
  "wandstore:environment": "dev",
  "wandstore:accountId": ACCOUNT,
  "wandstore:stores": JSON.stringify(stores),
  "wandstore:pool": JSON.stringify({ size: poolSize }),
});

const STACK = "test-program";
afterAll(() => rmSync(join(PROJECT_ROOT, ".build", STACK), { recursive: true, force: true }));

/** The program itself, over the runtime's real sources. It runs when it is loaded, so each run loads it anew: it, not the SDKs. */
async function run(poolSize: number) {
  jest.resetModules();
  for (const [name, loaded] of Object.entries(SDKS)) jest.doMock(name, () => loaded);
  const program = await made(STACK, config(poolSize), () => {
    // oxlint-disable-next-line typescript/no-require-imports -- the program's exports are the stack's outputs
    return require("../../../infra") as Promise<Record<string, pulumi.Output<unknown>>>;
  });
  return program;
}

test("the history of the Durable Objects makes every class of the contract", () => {
  const classes = DURABLE_OBJECT_HISTORY.flatMap(({ newSqliteClasses = [] }) => newSqliteClasses);
  expect(classes.toSorted()).toEqual(Object.values(DURABLE_OBJECTS).toSorted());
});

test("the whole program asks for all of a stack, and a store entry that the Worker can read for each store", async () => {
  const { made: list, returned } = await run(10);
  expect(list.map(({ name }) => name)).toEqual(
    [
      ...stores.map((slug) => `catalogue-${slug}`),
      "generator-image",
      "generator-registry",
      "pool-application",
      "pool-namespace",
      "release-record",
      "secrets-admin-token",
      "secrets-shopper-signing-key",
      "secrets-webhook-signing-key",
      "storage-db",
      "storage-export",
      "storage-generated-ui",
      "storage-generation-queue",
      "storage-lifecycle",
      "storage-migrations",
      "storage-shopper-sessions",
      "storage-stores",
      "storage-ui-cache",
      "storefront-deployment",
      "storefront-housekeeping",
      "storefront-url",
      "storefront-version",
      "storefront-worker",
      "wandstore",
    ].toSorted(),
  );
  for (const slug of stores) {
    const entry = list.find(({ name }) => name === `catalogue-${slug}`)?.inputs;
    expect(entry).toMatchObject({ accountId: ACCOUNT, namespaceId: "storage-stores-id", keyName: `store:${slug}` });
    expect(StoreRecordSchema.parse(JSON.parse(String(entry?.["value"]))).slug).toBe(slug);
  }
  expect(await valueOf(returned["workerName"]!)).toBe("wandstore-test-program-storefront");
});

test("another pool size reaches the Worker's version and the application, and nothing else", async () => {
  const [before, after] = [await run(10), await run(11)];
  const changed = after.made.filter(
    ({ inputs }, index) => JSON.stringify(inputs) !== JSON.stringify(before.made[index]?.inputs),
  );
  expect(changed.map(({ name }) => name)).toEqual(["pool-application", "storefront-version"]);
});
