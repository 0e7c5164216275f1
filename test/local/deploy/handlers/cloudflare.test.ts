import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { APIConnectionError } from "cloudflare";
import { handlersOnACloud } from "../support/handled";

jest.setTimeout(60_000);

const handled = handlersOnACloud();
const { account, handlerOf, make, decision } = handled;

const KV = "cloudflare:index/workersKvNamespace:WorkersKvNamespace";
const VALUE = "cloudflare:index/workersKv:WorkersKv";
const D1 = "cloudflare:index/d1Database:D1Database";
const BUCKET = "cloudflare:index/r2Bucket:R2Bucket";
const LIFECYCLE = "cloudflare:index/r2BucketLifecycle:R2BucketLifecycle";
const WORKER = "cloudflare:index/worker:Worker";
const IMAGE = "docker:index/image:Image";

describe("a KV namespace", () => {
  it("is made, found again by its title, renamed in place and deleted, once or twice", async () => {
    const inputs = { accountId: handled.cloud.accountId, title: "wand-test-one" };
    const made = await make(KV, inputs);
    expect(made.outputs).toMatchObject({ title: "wand-test-one", supportsUrlEncoding: true });
    expect((await handlerOf(KV).find!("urn", inputs))?.id).toBe(made.id);
    const renamed = { ...inputs, title: "wand-test-two" };
    expect(await decision(KV, made, renamed)).toMatchObject({ op: "update", diff: ["title"] });
    await handlerOf(KV).update!(made, renamed);
    expect((await handled.api.kv.namespaces.get(made.id, account())).title).toBe("wand-test-two");
    expect(await handlerOf(KV).find!("urn", inputs)).toBeUndefined();
    await handlerOf(KV).delete(made);
    await handlerOf(KV).delete(made);
    expect(await handlerOf(KV).find!("urn", renamed)).toBeUndefined();
  });

  it("that exists under the title is never taken over by a create", async () => {
    const inputs = { accountId: handled.cloud.accountId, title: "wand-test-taken" };
    await make(KV, inputs);
    const error: unknown = await make(KV, inputs).catch((refusal: unknown) => refusal);
    expect(String(error)).toMatch(/10014|already exists/);
    expect(handlerOf(KV).isRefusal!(error)).toBe(true);
    expect(handlerOf(KV).isRefusal!(new APIConnectionError({ message: "lost" }))).toBe(false);
  });
});

describe("a KV value", () => {
  it("is written whole, with letters of any script, and deleted", async () => {
    const namespace = await make(KV, { accountId: handled.cloud.accountId, title: "wand-test-values" });
    const where = { accountId: handled.cloud.accountId, namespaceId: namespace.id, keyName: "store:magic-wands" };
    const made = await make(VALUE, { ...where, value: '{"name":"Zauberstäbe ✨"}', metadata: '{"v":1}' });
    const read = async () =>
      (await handled.api.kv.namespaces.values.get(where.keyName, { ...account(), namespace_id: namespace.id })).text();
    expect(await read()).toBe('{"name":"Zauberstäbe ✨"}');
    await handlerOf(VALUE).update!(made, { ...where, value: "new" });
    expect(await read()).toBe("new");
    expect(await decision(VALUE, made, { ...where, keyName: "other", value: "new" })).toMatchObject({ op: "replace" });
    await handlerOf(VALUE).delete(made);
    await expect(read()).rejects.toThrow("404");
  });
});

describe("a D1 database", () => {
  it("is made, found by its name and deleted; another name is another database", async () => {
    const inputs = { accountId: handled.cloud.accountId, name: "wand-test-db" };
    const made = await make(D1, inputs);
    expect(made.outputs.uuid).toBe(made.id);
    expect((await handlerOf(D1).find!("urn", inputs))?.id).toBe(made.id);
    const changed = await decision(D1, made, { ...inputs, name: "wand-test-db-2" });
    expect(changed).toMatchObject({ op: "replace", deleteBeforeReplace: false });
    await handlerOf(D1).delete(made);
    expect(await handlerOf(D1).find!("urn", inputs)).toBeUndefined();
  });
});

describe("an R2 bucket", () => {
  it("takes lifecycle rules, and is emptied when it is deleted", async () => {
    const inputs = { accountId: handled.cloud.accountId, name: "wand-test-bucket" };
    const bucket = await make(BUCKET, inputs);
    const rules = [
      {
        id: "old",
        enabled: true,
        conditions: { prefix: "generated/" },
        deleteObjectsTransition: { condition: { type: "Age", maxAge: 2_592_000 } },
      },
    ];
    await make(LIFECYCLE, { accountId: handled.cloud.accountId, bucketName: bucket.id, rules });
    expect((await handled.api.r2.buckets.lifecycle.get(bucket.id, account())).rules).toMatchObject(rules);
    for (const key of ["a.html", "deep/b c.html"]) {
      await handled.api.r2.buckets.objects.upload(key, "<p>", { ...account(), bucket_name: bucket.id });
    }
    await handlerOf(BUCKET).delete(bucket);
    expect(await handlerOf(BUCKET).find!("urn", inputs)).toBeUndefined();
    await handlerOf(BUCKET).delete(bucket);
  });

  it("that has to be replaced under its own name is deleted first", async () => {
    const inputs = { accountId: handled.cloud.accountId, name: "wand-test-moved" };
    const bucket = await make(BUCKET, inputs);
    expect(await decision(BUCKET, bucket, { ...inputs, location: "weur" })).toMatchObject({
      op: "replace",
      replaceReasons: ["location"],
      deleteBeforeReplace: true,
    });
  });
});

describe("a Worker", () => {
  it("is made, changed in place and deleted", async () => {
    const inputs = {
      accountId: handled.cloud.accountId,
      name: "wand-test-worker",
      subdomain: { enabled: true, previewsEnabled: false },
      observability: { enabled: true, headSamplingRate: 1 },
    };
    const made = await make(WORKER, inputs);
    expect((await handlerOf(WORKER).find!("urn", inputs))?.id).toBe(made.id);
    const off = { ...inputs, subdomain: { enabled: false, previewsEnabled: false } };
    expect(await decision(WORKER, made, off)).toMatchObject({ op: "update", diff: ["subdomain.enabled"] });
    await handlerOf(WORKER).update!(made, off);
    expect((await handled.api.workers.beta.workers.get(made.id, account())).subdomain.enabled).toBe(false);
    await handlerOf(WORKER).delete(made);
    expect(await handlerOf(WORKER).find!("urn", inputs)).toBeUndefined();
  });
});

describe("an image", () => {
  const wanted = () => ({
    imageName: `registry.cloudflare.com/${handled.cloud.accountId}/wand-test:one`,
    build: { context: "context", dockerfile: "context/Dockerfile", platform: "linux/amd64" },
  });
  beforeAll(() => {
    mkdirSync(path.join(handled.folder, "context"));
    writeFileSync(
      path.join(handled.folder, "context/Dockerfile"),
      'FROM node:24\nWORKDIR /app\nCOPY a.js ./\nCMD ["node", "a.js"]',
    );
    writeFileSync(path.join(handled.folder, "context/a.js"), "1");
  });

  it("is pushed under its digest, and a second push of the same sends nothing new", async () => {
    const inputs = await handlerOf(IMAGE).check!("urn", wanted(), undefined);
    const made = await make(IMAGE, inputs);
    expect(made.outputs.repoDigest).toMatch(/^registry\.cloudflare\.com\/[0-9a-f]{32}\/wand-test@sha256:[0-9a-f]{64}$/);
    const digest = String(made.outputs.repoDigest).split("@")[1]!;
    const there = await fetch(
      `${handled.cloud.registryUrl}/v2/${handled.cloud.accountId}/wand-test/manifests/${digest}`,
      {
        headers: { authorization: `Bearer ${handled.cloud.apiToken}` },
      },
    );
    expect(there.status).toBe(200);
    expect((await make(IMAGE, inputs)).outputs.repoDigest).toBe(made.outputs.repoDigest);
    expect(await decision(IMAGE, made, inputs)).toMatchObject({ op: "same" });
  });

  it("changes with a file that it copies, and not with the credentials of a push", async () => {
    const handler = handlerOf(IMAGE);
    const made = await make(IMAGE, await handler.check!("urn", wanted(), undefined));
    const registry = { server: "registry.cloudflare.com", username: "v1", password: "short-lived" };
    expect(await decision(IMAGE, made, await handler.check!("urn", { ...wanted(), registry }, made))).toMatchObject({
      op: "same",
    });
    writeFileSync(path.join(handled.folder, "context/a.js"), "2");
    const changed = await handler.check!("urn", wanted(), made);
    expect(await decision(IMAGE, made, changed)).toMatchObject({ op: "update", diff: ["build.contextDigest"] });
    const updated = await handler.update!(made, changed);
    expect(updated.repoDigest).not.toBe(made.outputs.repoDigest);
  });

  it("with a name that is none is refused", async () => {
    const bad = { ...wanted(), imageName: "no-registry" };
    await expect(handlerOf(IMAGE).check!("urn", bad, undefined)).rejects.toThrow("reads registry/repository:tag");
  });
});
