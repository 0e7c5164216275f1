import { openState, type State, type VersionDoc, type WorkerDoc } from "../../../../local/cloud/state/model";
import { checkAlias, findPreview, hasPreview } from "../../../../local/cloud/workers/previews";

/** A state in memory, as far as collections go. */
function memory(): State {
  const collection = () => {
    const documents = new Map<string, unknown>();
    const list = () => [...documents.values()];
    return {
      get: (id: string) => documents.get(id),
      put: (id: string, document: unknown) => void documents.set(id, document),
      delete: (id: string) => void documents.delete(id),
      list,
      find: (matches: (document: unknown) => boolean) => list().find(matches),
    };
  };
  return openState({ collection, transaction: (work: () => unknown) => work() } as never);
}

const OLD = "11111111-0000-4000-8000-000000000000";
const NEW = "22222222-0000-4000-8000-000000000000";
const worker = (id: string, name: string, previews_enabled = true) =>
  ({ id, name, settings: { subdomain: { enabled: true, previews_enabled } } }) as WorkerDoc;
const version = (id: string, workerId: string, more: Partial<VersionDoc> = {}) =>
  ({ id, workerId, annotations: {}, containers: [], migrated: false, ...more }) as VersionDoc;
const alias = (name: string) => ({ annotations: { "workers/alias": name } });

let state: State;
beforeEach(() => {
  state = memory();
  for (const one of [worker("a", "shop"), worker("b", "my-shop"), worker("c", "closed", false)])
    state.workers.put(one.id, one);
  const versions = [
    version(OLD, "a", alias("staging")),
    version(NEW, "a", alias("staging")),
    version("33333333-x", "b"),
    version("44444444-x", "c"),
  ];
  for (const one of versions) state.versions.put(one.id, one);
});
const found = (host: string, below = "acme") => findPreview(host, state, below)?.version.id;

test("a version is found by its first eight digits, at each of the account's names", () => {
  for (const host of ["11111111-shop.localhost", "11111111-shop.acme.localhost", "11111111-shop.acme.workers.dev"])
    expect([host, found(host)]).toEqual([host, OLD]);
  expect(found("33333333-my-shop.localhost")).toBe("33333333-x");
  expect(found("11111111-shop.localhost", "")).toBe(OLD);
});

test("an alias is the newest version's that has it", () => {
  expect(found("staging-shop.localhost")).toBe(NEW);
});

test("near misses are no version's", () => {
  const hosts = [
    "shop.localhost",
    "-shop.localhost",
    "1111111-shop.localhost",
    "111111110-shop.localhost",
    "11111111-shop2.localhost",
    "11111111-my-shop.localhost",
    "11111111-shop.other.localhost",
    "11111111-shop.acme.example.com",
    "a.11111111-shop.localhost",
    "44444444-closed.localhost",
    "production-shop.localhost",
    "",
  ];
  expect(hosts.filter((host) => found(host) !== undefined)).toEqual([]);
  expect(found("11111111-shop..localhost", "")).toBeUndefined();
});

test("a Worker that implements Durable Objects, or is about to, has none", () => {
  const migrations = { new_tag: "v1", steps: [{ new_sqlite_classes: ["A"] }] };
  expect(hasPreview(state, version("x", "a"))).toBe(true);
  expect(hasPreview(state, version("x", "a", { migrations }))).toBe(false);
  expect(hasPreview(state, version("x", "a", { containers: [{ class_name: "A" }] }))).toBe(false);
  state.namespaces.put("n", { id: "n", workerId: "b", className: "A", sqlite: true });
  expect([found("11111111-shop.localhost"), found("33333333-my-shop.localhost")]).toEqual([OLD, undefined]);
});

test("an alias and a Worker's name are one label of a host name", () => {
  expect(() => checkAlias(worker("a", "shop"), alias("a".repeat(58)).annotations)).not.toThrow();
  expect(() => checkAlias(worker("a", "shop"), alias("a".repeat(59)).annotations)).toThrow("over 63 characters");
  expect(() => checkAlias(worker("a", "s".repeat(63)), {})).not.toThrow();
});
