import { z } from "zod";
import { differences } from "../../../infra/providers/differences";
import { fullImportId } from "../../../infra/providers/importId";
import { defineResource, type Resource } from "../../../infra/providers/resource";
import { RESOURCES } from "../../../infra/providers/resources";
import { packageSchema } from "../../../infra/providers/schema";
import { NOT_READ_BACK } from "../../../infra/providers/unread";
import { sealLike, secretTexts, unwrap } from "../../../infra/providers/wire";

const SECRET = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270" };
const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const secret = (value: unknown) => ({ ...SECRET, value });

describe("differences", () => {
  const text = (name: string, value: string) => ({ type: "plain_text", name, text: value });
  const between = (before: unknown, after: unknown) =>
    Object.fromEntries(differences(before, after, "p").map(({ path, kind }) => [path, kind]));

  test.each<[string, unknown, unknown, Record<string, string>]>([
    ["equal values", { a: [1, { b: null }] }, { a: [1, {}] }, {}],
    ["another value inside", { a: { b: 1, c: 2 } }, { a: { b: 3, c: 2 } }, { "p.a.b": "update" }],
    ["one more, one less", { a: 1 }, { b: 1 }, { "p.a": "delete", "p.b": "add" }],
    ["nothing before", undefined, { a: 1 }, { p: "add" }],
    ["nothing after", [1], null, { p: "delete" }],
    ["a key that is no name", { "a.b": 1 }, { "a.b": 2 }, { 'p["a.b"]': "update" }],
    ["another kind of value", { a: 1 }, [1], { p: "update" }],
    ["what is not known yet, even where it was not known before", UNKNOWN, UNKNOWN, { p: "update" }],
    ["a list by position", [1, 2], [1, 3, 4], { "p[1]": "update", "p[2]": "add" }],
    ["a list by name", [text("A", "1"), text("B", "2")], [text("A", "1"), text("B", "3")], { "p[1].text": "update" }],
    [
      "one more in the middle",
      [text("A", "1"), text("C", "3")],
      [text("A", "1"), text("B", "2"), text("C", "3")],
      { "p[1]": "add" },
    ],
    [
      "one less in the middle",
      [text("A", "1"), text("B", "2"), text("C", "3")],
      [text("A", "1"), text("C", "3")],
      { "p[1]": "delete" },
    ],
    ["one in another's place", [text("A", "1")], [text("B", "1")], { "p[0]": "update" }],
    [
      "one that moved and changed",
      [text("B", "1")],
      [text("A", "1"), text("B", "2")],
      { "p[0]": "add", "p[1]": "update" },
    ],
    ["another order alone", [text("A", "1"), text("B", "2")], [text("B", "2"), text("A", "1")], { p: "update" }],
  ])("%s", (_what, before, after, expected) => {
    expect(between(before, after)).toEqual(expected);
  });
});

describe("a resource", () => {
  const resource = (
    changes: Partial<
      Parameters<
        typeof defineResource<{ a: string; b?: string; s: Record<string, string> }, { out: string; kept: string }>
      >[0]
    > = {},
  ): Resource =>
    defineResource({
      description: "A thing.",
      inputs: z.object({
        a: z.string(),
        b: z.string().optional(),
        s: z.record(z.string(), z.string()).meta({ secret: true }),
      }),
      outputs: z.object({ out: z.string(), kept: z.string() }),
      replaceOn: ["a"],
      stable: ["kept"],
      create: async () => ({ id: "1", outputs: { out: "o", kept: "k" } }),
      read: async (_context, _id, state) => state,
      ...changes,
    });
  const old = { a: "1", s: { K: "v" }, out: "o", kept: "k" };

  test("that replaces keeps no output; one that is updated, and one that did not change, keeps the stable ones", () => {
    const { diff } = resource({ deleteBeforeReplace: true });
    expect(diff(old, { a: "2", s: { K: "v" } })).toEqual({ changes: true, replaces: ["a"], deleteBeforeReplace: true });
    const kept = { stables: ["kept"], replaces: [], deleteBeforeReplace: false };
    expect(diff(old, { a: "1", b: "new", s: { K: "v" } })).toEqual({ changes: true, ...kept });
    expect(diff(old, { a: "1", s: { K: "v" } })).toEqual({ changes: false, ...kept });
  });

  test("takes a silent input along, and does nothing for it alone", () => {
    const { diff, changes } = resource({ silent: ["b"] });
    expect(diff(old, { a: "1", b: "new", s: { K: "v" } }).changes).toBe(false);
    expect(changes(old, { a: "2", b: "new", s: { K: "v" } }).map(({ path }) => path)).toEqual(["a"]);
  });

  test("compares what an import could not read only once the program has said it", () => {
    const { diff } = resource();
    const imported = { ...old, s: { K: NOT_READ_BACK } };
    const inputs = (value: string) => ({ a: "1", s: { K: value } });
    expect(diff(imported, inputs("v"), imported).changes).toBe(false);
    expect(diff(imported, inputs("v"), inputs("v")).changes).toBe(false);
    expect(diff(imported, inputs("other"), inputs("v")).changes).toBe(true);
  });

  test("knows by its schema what is secret, down to a part of a property", () => {
    expect([...resource().secrets]).toEqual(["s"]);
    expect([...RESOURCES["wandstore:index:WorkerVersion"]!.secrets]).toEqual(["secrets"]);
    expect([...RESOURCES["wandstore:index:ContainerApplication"]!.secrets]).toEqual(["verification.token"]);
  });

  test("says what is wrong with inputs that became known only now, without their values", async () => {
    const { create } = resource();
    await expect(create({} as never, { a: 7, s: { K: "planted" } })).rejects.toThrow(
      /^The inputs are wrong: a: .*string\.?$|^The inputs are wrong: a: Invalid input: expected string, received number\.$/,
    );
    await expect(create({} as never, { a: 7, s: { K: 1 } })).rejects.toThrow(/a: .*; s\.K: /);
  });
});

describe("an id to import", () => {
  const FORM = "{accountId}/{scriptName}/{versionId}";
  test("has its form, or leaves out the account that the provider has", () => {
    expect(fullImportId(FORM, "a/b/c", undefined)).toBe("a/b/c");
    expect(fullImportId(FORM, "b/c", "a")).toBe("a/b/c");
    expect(fullImportId("{accountId}/{repository}:{tag}", "a/b/c:d", undefined)).toBe("a/b/c:d");
  });
  test.each(["b/c", "a/b/c/d", "a//c", "", "/b/c"])("%j has not", (id) => {
    expect(() => fullImportId(FORM, id, undefined)).toThrow(`"${id}" is no id to import. Write it as ${FORM}.`);
  });
});

describe("on the wire", () => {
  test("a null is nothing, and a secret is what it holds", () => {
    expect(unwrap({ a: null, b: secret({ c: secret("d"), e: null }), f: [null, 1] })).toEqual({
      b: { c: "d" },
      f: [null, 1],
    });
  });
  test("a property goes back as a secret when it came as one, or is one by its schema, and never doubly", () => {
    const sealed = sealLike(
      { a: { deep: [secret("x")], open: "y" }, b: 1, e: { token: "t", url: "u" }, f: secret({ g: 1 }) },
      { a: { deep: ["x"], open: "y" }, b: 1, c: 2, d: secret(3), e: { token: "t", url: "u" }, f: { g: 1 } },
      new Set(["c", "d", "e.token"]),
    );
    expect(sealed).toEqual({
      a: { deep: secret(["x"]), open: "y" },
      b: 1,
      c: secret(2),
      d: secret(3),
      e: { token: secret("t"), url: "u" },
      f: secret({ g: 1 }),
    });
  });
  test("the texts of secrets are found wherever they are, and no others", () => {
    expect(
      secretTexts({ a: "plain", b: secret(["one", { c: "two", d: 3 }]), e: [secret("three"), secret(UNKNOWN)] }),
    ).toEqual(["one", "two", "three"]);
  });
});

describe("the schema", () => {
  interface PropertySchema {
    readonly $ref?: string;
    readonly description?: string;
    readonly items?: PropertySchema;
    readonly oneOf?: PropertySchema[];
  }
  interface Owner {
    readonly properties?: Record<string, PropertySchema>;
    readonly inputProperties?: Record<string, PropertySchema>;
    readonly required?: string[];
    readonly requiredInputs?: string[];
  }
  const schema = packageSchema("0.1.0", RESOURCES) as {
    provider: Owner;
    config: { variables: Record<string, object> };
    resources: Record<string, Owner>;
    types: Record<string, Owner & { enum?: object[]; description?: string }>;
  };
  const owners = Object.entries({ ...schema.resources, ...schema.types, provider: schema.provider });

  test("describes every property of every resource and type", () => {
    const silent = owners.flatMap(([token, { properties = {}, inputProperties = {} }]) =>
      Object.entries({ ...properties, ...inputProperties })
        .filter(([, { description = "" }]) => description === "")
        .map(([key]) => `${token} ${key}`),
    );
    expect(silent).toEqual([]);
  });

  test("refers to types that it has, and to each of them", () => {
    const found = [...JSON.stringify(schema).matchAll(/"\$ref":"#\/types\/([^"]+)"/g)].map(([, token]) => token!);
    expect([...new Set(found)].toSorted()).toEqual(Object.keys(schema.types).toSorted());
  });

  test("requires only what there is", () => {
    for (const [token, { properties = {}, inputProperties = {}, required = [], requiredInputs = [] }] of owners) {
      expect([token, required.filter((key) => !(key in properties))]).toEqual([token, []]);
      expect([token, requiredInputs.filter((key) => !(key in inputProperties))]).toEqual([token, []]);
    }
  });

  test("knows the kinds of binding apart, and marks what is secret", () => {
    const version = schema.resources["wandstore:index:WorkerVersion"]!;
    expect(version.inputProperties!["bindings"]!.items!.oneOf).toHaveLength(5);
    expect(version.inputProperties!["secrets"]).toMatchObject({
      type: "object",
      additionalProperties: { type: "string" },
      secret: true,
    });
    expect(schema.types["wandstore:index:WorkerVersionBindingD1"]).toMatchObject({
      required: ["type", "name", "databaseId"],
      properties: { type: { type: "string", const: "d1" } },
    });
    expect(schema.config.variables["apiToken"]).toMatchObject({ secret: true });
  });
});
