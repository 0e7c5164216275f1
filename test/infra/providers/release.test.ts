import { cloudflareRaw } from "../../../infra/cloudflare";
import { createProvider } from "../../../infra/providers/provider";
import { keyOf, listReleases } from "../../../infra/release";
import { type Answer, type HttpDouble, type Received, startDouble } from "../httpDouble";
import { releaseAt } from "../release/releases";
import { ACCOUNT, NOT_FOUND, urnOf } from "./setup";

const URN = urnOf("Release");
const NAMESPACE = "kv-1";
const KV = `/accounts/${ACCOUNT}/storage/kv/namespaces/${NAMESPACE}`;
const PAGE = 8; // smaller than what is kept, so that a list has several pages

let values: Map<string, string>;
let refuse: (request: Received) => Answer | undefined;
let now: number;
let double: HttpDouble;

/** KV as far as releases need it, on a real HTTP server. A lost answer is lost after the request was carried out. */
function answer(request: Received): Answer {
  const refused = refuse(request);
  if (refused !== undefined && refused !== "hang up") return refused;
  const own = kv(request);
  return refused ?? own;
}
function kv({ method, path, body }: Received): Answer {
  const url = new URL(path, "http://kv");
  if (url.pathname === `${KV}/keys`) {
    const prefix = url.searchParams.get("prefix") ?? "";
    const from = Number(url.searchParams.get("cursor") ?? 0);
    const keys = [...values.keys()].filter((key) => key.startsWith(prefix)).toSorted();
    const cursor = from + PAGE < keys.length ? String(from + PAGE) : "";
    const result = keys.slice(from, from + PAGE).map((name) => ({ name }));
    const raw = { success: true, errors: [], messages: [], result, result_info: { count: result.length, cursor } };
    return { status: 200, raw: JSON.stringify(raw) };
  }
  if (path === `${KV}/bulk/get`) {
    const { keys } = body as { keys: string[] };
    return { result: { values: Object.fromEntries(keys.map((key) => [key, values.get(key) ?? null])) } };
  }
  if (method === "PUT" && path === `${KV}/bulk`) {
    for (const { key, value } of body as { key: string; value: string }[]) values.set(key, value);
  } else if (path === `${KV}/bulk/delete`) for (const key of body as string[]) values.delete(key);
  else return NOT_FOUND;
  return { result: { successful_key_count: 1, unsuccessful_keys: [] } };
}

beforeEach(async () => {
  values = new Map();
  refuse = () => undefined;
  now = Date.UTC(2026, 10, 21, 13, 37, 0);
  double = await startDouble(answer);
});
afterEach(() => double.close());

const options = () => ({
  baseUrl: double.baseUrl,
  apiToken: "t",
  sleep: async (ms: number) => void (now += ms),
  now: () => now,
});
const provider = () => createProvider(options());
const list = () => listReleases(cloudflareRaw(options()), ACCOUNT, NAMESPACE);
const inputs = (versionId = "0a1b2c3d-version", changes: object = {}) => ({
  accountId: ACCOUNT,
  namespaceId: NAMESPACE,
  stack: "prod",
  worker: { scriptName: "wandstore-prod-storefront", versionId, buildId: "w1" },
  generator: { applicationId: "app-1", image: `registry.cloudflare.com/${ACCOUNT}/g@sha256:1`, buildId: "g1" },
  schemaLevel: "0001_initial.sql",
  migrationTag: "v1",
  bookmark: "00000000-00000001",
  ...changes,
});

test("a create writes the record under a key that sorts by time", async () => {
  const { id, outs } = await provider().create(URN, inputs());
  const releaseId = "20261121T133700Z-0a1b2c3d";
  expect(outs).toEqual({ ...inputs(), releaseId, at: "2026-11-21T13:37:00.000Z" });
  expect(id).toBe("prod");
  const { accountId: _account, namespaceId: _namespace, ...released } = inputs();
  expect([...values].map(([key, value]) => [key, JSON.parse(value)])).toEqual([
    [`release:${releaseId}`, { version: 1, releaseId, at: "2026-11-21T13:37:00.000Z", ...released }],
  ]);
});

test("an update writes another one, and both are listed, newest first", async () => {
  const { outs: olds = {} } = await provider().create(URN, inputs());
  now += 60_000;
  await provider().update("prod", URN, olds, inputs("version-2", { rollbackOf: "20261121T133700Z-0a1b2c3d" }));
  const { releases, unreadable } = await list();
  expect(unreadable).toEqual([]);
  expect(releases.map(({ releaseId, rollbackOf }) => [releaseId, rollbackOf])).toEqual([
    ["20261121T133800Z-version-", "20261121T133700Z-0a1b2c3d"],
    ["20261121T133700Z-0a1b2c3d", undefined],
  ]);
});

test("the newest 20 stay, over the pages of the list; nothing else of the namespace is touched", async () => {
  values.set("store:magic-wands", "{}");
  values.set("releasenotes", "x");
  for (let minute = 10; minute < 35; minute++) {
    const release = releaseAt(minute, "old");
    values.set(keyOf(release.releaseId), JSON.stringify(release));
  }
  const { outs } = await provider().create(URN, inputs());
  const { releases } = await list();
  expect(releases).toHaveLength(20);
  expect(releases.at(0)?.releaseId).toBe(outs?.releaseId);
  expect(releases.at(-1)?.releaseId).toBe(releaseAt(16, "old").releaseId);
  expect([values.has("store:magic-wands"), values.has("releasenotes")]).toEqual([true, true]);
  expect(double.received.filter(({ path }) => path.includes("/keys")).length).toBeGreaterThan(3);
});

test("a list that does not have the new record yet does not cost another one", async () => {
  for (let minute = 10; minute < 30; minute++) values.set(keyOf(releaseAt(minute, "old").releaseId), "{}");
  const stale = [...values.keys()].toSorted();
  refuse = ({ path }) => (path.includes("/keys") ? { result: stale.map((name) => ({ name })) } : undefined);
  const { outs } = await provider().create(URN, inputs());
  expect(values.size).toBe(20);
  expect(values.has(keyOf(String(outs?.releaseId)))).toBe(true);
});

test.each<[string, string, string, Answer]>([
  ["to the write was lost", "PUT", `${KV}/bulk`, "hang up"],
  ["to the write was an error of Cloudflare's", "PUT", `${KV}/bulk`, { status: 502, raw: "bad gateway" }],
  ["to the removal was lost", "POST", `${KV}/bulk/delete`, "hang up"],
  ["to the removal was an error of Cloudflare's", "POST", `${KV}/bulk/delete`, { status: 502, raw: "bad gateway" }],
])("an answer %s: it is tried again, which leaves one record and no old one", async (_what, method, path, lost) => {
  for (let minute = 10; minute < 30; minute++) values.set(keyOf(releaseAt(minute, "old").releaseId), "{}");
  let isLost = false;
  refuse = (request) => {
    if (isLost || request.method !== method || request.path !== path) return undefined;
    isLost = true;
    return lost;
  };
  await provider().create(URN, inputs());
  expect([isLost, values.size]).toEqual([true, 20]);
});

test("old records that cannot be removed do not fail the release", async () => {
  for (let minute = 10; minute < 35; minute++) values.set(keyOf(releaseAt(minute, "old").releaseId), "{}");
  refuse = ({ path }) =>
    path.endsWith("/bulk/delete") ? { status: 403, error: { code: 10000, message: "no" } } : undefined;
  await provider().create(URN, inputs());
  expect(values.size).toBe(26);
});

test("a record that KV does not take fails it", async () => {
  refuse = ({ method }) =>
    method === "PUT" ? { result: { successful_key_count: 0, unsuccessful_keys: ["release:x"] } } : undefined;
  await expect(provider().create(URN, inputs())).rejects.toThrow(/KV did not take release:x/);
});

test("only what was released counts as a change, and another stack or namespace is another resource", async () => {
  const diff = (changes: object) => provider().diff("prod", URN, inputs(), inputs(undefined, changes));
  expect(await diff({})).toMatchObject({ changes: false });
  expect(await diff({ bookmark: "another" })).toMatchObject({ changes: false });
  expect(await diff({ schemaLevel: "0002_x.sql" })).toMatchObject({ changes: true, replaces: [] });
  expect(await diff({ namespaceId: "kv-2" })).toMatchObject({ replaces: ["namespaceId"] });
});

test("read sees a record that is gone or broken; a delete removes none", async () => {
  const { outs: state = {} } = await provider().create(URN, inputs());
  expect(await provider().read("prod", URN, state)).toMatchObject({ id: "prod", props: state });
  await provider().delete("prod", URN, state);
  const [key = ""] = values.keys();
  values.set(key, "{}");
  expect((await provider().read("prod", URN, state)).id).toBe("");
  values.clear();
  expect((await provider().read("prod", URN, state)).id).toBe("");
});

test.each([
  ["not json", "is not JSON"],
  ["{}", "does not fit"],
  [JSON.stringify({ ...releaseAt(5, "x"), version: 2 }), "has version 2"],
  [JSON.stringify({ ...releaseAt(5, "x"), worker: {} }), "worker.scriptName"],
])("a record that cannot be read (%j) is named, and hides no other", async (value, problem) => {
  await provider().create(URN, inputs());
  values.set("release:20261121T120500Z-x", value);
  const { releases, unreadable } = await list();
  expect(releases).toHaveLength(1);
  expect(unreadable).toEqual([expect.stringContaining("The release record release:20261121T120500Z-x ")]);
  expect(unreadable[0]).toContain(problem);
});

test("a key that is still listed but has no value any more is no release", async () => {
  await provider().create(URN, inputs());
  refuse = ({ path }) =>
    path.includes("/keys") ? { result: [{ name: "release:gone" }, { name: [...values.keys()][0] }] } : undefined;
  expect(await list()).toMatchObject({ releases: [{}], unreadable: [] });
});

test("a list that Cloudflare refuses is an error, not an empty list", async () => {
  refuse = () => ({ status: 403, error: { code: 10000, message: "Authentication error" } });
  await expect(list()).rejects.toThrow(/Authentication error/);
});
