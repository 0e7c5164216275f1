import { secret, SECRET_SHOWN } from "../../../../local/deploy/engine/values";
import type { Found } from "../../../../local/deploy/drift/found";
import { driftOf } from "../../../../local/deploy/drift/judge";

const found = (name: string, more: Partial<Found> = {}): Found => ({
  urn: `urn:pulumi:dev::shop::test:index:Thing::${name}`,
  type: "test:index:Thing",
  name,
  id: name,
  dependencies: [],
  inputs: {},
  outputs: {},
  ignoreChanges: [],
  secretOutputs: [],
  live: [],
  ...more,
});
const changed = (path: string, before: string, after: string, more: Partial<Found> = {}): Found =>
  found("one", { live: [{ path, before, after }], ...more });
const shown = (one: Found, ...others: Found[]) => driftOf([one, ...others])[0]?.properties;

describe("what differs of a stack", () => {
  it("is nothing where nothing changed", () => {
    expect(driftOf([found("a"), found("b")])).toEqual([]);
  });

  it("is named with both values, and leaves out what one side does not have", () => {
    const live = [
      { path: "title", before: "a", after: "b" },
      { path: "tags[0]", before: undefined, after: "new" },
    ];
    expect(shown(found("one", { live }))).toEqual([
      { path: "title", state: "a", cloud: "b" },
      { path: "tags[0]", cloud: "new" },
    ]);
  });

  it("leaves out what the program leaves to others, and nothing that is only called alike", () => {
    expect(driftOf([changed("worker.versionId", "1", "2", { ignoreChanges: ["worker"] })])).toEqual([]);
    expect(shown(changed("workerName", "1", "2", { ignoreChanges: ["worker"] }))).toHaveLength(1);
  });

  it("goes into texts of JSON, and leaves other texts whole", () => {
    expect(shown(changed("value", '{"a":{"b":1},"c":2}', '{"a":{"b":3},"c":2}'))).toEqual([
      { path: "value.a.b", state: 1, cloud: 3 },
    ]);
    expect(shown(changed("value", '{"a":1}', "gone"))).toEqual([{ path: "value", state: '{"a":1}', cloud: "gone" }]);
    expect(shown(changed("value", '{"a":1}', '{ "a": 1 }'))).toHaveLength(1);
  });

  it("says which deleted resource took another along, and not of one that was deleted by itself", () => {
    const bucket = found("bucket", { live: "deleted" });
    const rules = found("rules", { live: "deleted", dependencies: [bucket.urn] });
    const [first, second] = driftOf([bucket, rules]);
    expect(first).not.toHaveProperty("deletedWith");
    expect(second?.deletedWith).toBe(bucket.urn);
    expect(driftOf([found("bucket"), rules])[0]).not.toHaveProperty("deletedWith");
  });
});

describe("a secret", () => {
  it("is never shown where the state has one", () => {
    const url = changed("url", "https://hooks.example/one", "https://hooks.example/two", {
      inputs: { url: secret("https://hooks.example/one") },
    });
    expect(shown(url)).toEqual([{ path: "url", state: SECRET_SHOWN, cloud: SECRET_SHOWN }]);
    expect(shown(changed("result", "a", "b", { secretOutputs: ["result"] }))?.[0]?.cloud).toBe(SECRET_SHOWN);
  });

  it("of another resource is hidden wherever its text appears", () => {
    const password = found("password", { outputs: { result: secret("long-and-random") } });
    expect(shown(changed("note", "none", "is long-and-random now"), password)?.[0]?.cloud).toBe(SECRET_SHOWN);
    expect(shown(changed("note", "none", "is long-and-random now"))?.[0]?.cloud).toBe("is long-and-random now");
  });

  it("that somebody put into a plain binding is hidden by its name or its looks; others are shown", () => {
    const added = (name: string, text: string) =>
      shown(found("one", { live: [{ path: `bindings["${name}"]`, before: undefined, after: { name, text } }] }))?.[0]
        ?.cloud;
    expect(added("OTHER_TOKEN", "abc")).toBe(SECRET_SHOWN);
    expect(added("SETTING", "sk-0123456789abcdef")).toEqual({ name: "SETTING", text: SECRET_SHOWN });
    expect(added("KEYBOARD", "qwerty")).toEqual({ name: "KEYBOARD", text: "qwerty" });
    expect(shown(changed("maxTokens", "1", "2"))).toEqual([{ path: "maxTokens", state: "1", cloud: "2" }]);
  });
});
