import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { generatedFiles } from "../../infra/config/reference";
import { EXAMPLE } from "../../infra/config/reference/example";
import { SECRET_SETTINGS } from "../../infra/config/secrets";
import { settingsShape, type Shape } from "../../infra/config/shape";
import { asRaw, problemsOf, readStackFile, ROOT, STACKS } from "./stackFile";

const PAGE = "docs/reference/config.md";
const SCHEMA = "infra/config/stack.schema.json";
const files = generatedFiles();
const read = (file: string): string => readFileSync(path.join(ROOT, file), "utf8");
const editor = z.fromJSONSchema(JSON.parse(read(SCHEMA)) as z.core.JSONSchema.JSONSchema);
const taken = (config: Record<string, unknown>): boolean => editor.safeParse({ config }).success;

/** Every setting that holds a value, by its path. */
function leaves(
  shape: Shape,
  at: readonly (string | number)[] = [],
): [at: readonly (string | number)[], shape: Shape][] {
  if (shape.properties) return Object.entries(shape.properties).flatMap(([key, inner]) => leaves(inner, [...at, key]));
  return [[at, shape], ...(shape.items?.properties ? leaves(shape.items, [...at, 0]) : [])];
}
const LEAVES = leaves(settingsShape()).map(([at, shape]) => [z.core.toDotPath(at), at, shape] as const);

/** What the editor says of a setting. */
function inEditor([key, ...at]: readonly (string | number)[]): unknown {
  const file = JSON.parse(read(SCHEMA)) as { properties: { config: Shape } };
  let shape = file.properties.config.properties?.[`wandstore:${key}`];
  for (const step of at) shape = typeof step === "number" ? shape?.items : shape?.properties?.[step];
  return shape?.description;
}

describe("the generated files", () => {
  test.each(Object.keys(files))("%s is what `npm run generate` writes", (file) => {
    expect(read(file)).toBe(files[file]);
  });

  test("the command writes them, and says which it had to", () => {
    const folder = mkdtempSync(path.join(tmpdir(), "wand-generate-"));
    try {
      for (const part of ["bin", "infra", "policies", "runtime", "local", "package.json"]) {
        cpSync(path.join(ROOT, part), path.join(folder, part), { recursive: true });
      }
      symlinkSync(path.join(ROOT, "node_modules"), path.join(folder, "node_modules"));
      writeFileSync(path.join(folder, SCHEMA), "{}");
      const generate = () =>
        execFileSync(process.execPath, ["bin/generate.js"], { cwd: folder, encoding: "utf8" }).trimEnd().split("\n");
      const first = generate();
      // What other tests hold current: the references of metrics and policies, and more.
      const others = ["docs/reference/metrics.md", "docs/reference/policies.md"];
      expect(first).toEqual(expect.arrayContaining([PAGE, SCHEMA, ...others].map((file) => `written  ${file}`)));
      expect(readFileSync(path.join(folder, SCHEMA), "utf8")).toBe(files[SCHEMA]);
      expect(generate()).toEqual(first.map((line) => line.replace("written", "current")));
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  test("every setting says what it is, in the reference with type and default, and in the editor", () => {
    const rows = read(PAGE).split("\n");
    const unsaid = LEAVES.filter(([dotted, , { description = "" }]) => {
      const name = dotted.replace(/\[0\]/g, "[]");
      const row = rows.find((line) => line.startsWith(`| \`${name}\` |`)) ?? "";
      const cells = row.split(/(?<!\\) \| /);
      return description === "" || cells.length !== 4 || cells.some((cell) => /^\|?\s*$|undefined/.test(cell));
    });
    expect(unsaid.map(([dotted]) => dotted)).toEqual([]);
    for (const [dotted, at, { description = "" }] of LEAVES) {
      expect([dotted, inEditor(at)]).toEqual([dotted, expect.stringContaining(description)]);
    }
  });

  test.each(Object.keys(SECRET_SETTINGS))("the secret %s is in both", (key) => {
    expect(read(PAGE)).toContain(`| \`${key}\` |`);
    expect(taken({ ...LEAST, [`wandstore:${key}`]: { secure: "v1:abc" } })).toBe(true);
    expect(taken({ ...LEAST, [`wandstore:${key}`]: "in plain text" })).toBe(false);
  });

  test("the reference's example can be deployed as it is", () => {
    const [, yaml = ""] = /```yaml\n([\s\S]*?)```/.exec(read(PAGE)) ?? [];
    const { config } = parse(yaml) as { config: Record<string, unknown> };
    expect(config).toEqual(
      Object.fromEntries(Object.entries(EXAMPLE).map(([key, value]) => [`wandstore:${key}`, value])),
    );
    expect(problemsOf(asRaw(EXAMPLE))).toEqual([]);
    expect(taken(config)).toBe(true);
  });
});

const LEAST = { "wandstore:environment": "dev", "wandstore:stores": ["magic-wands"] };

describe("the editor's schema", () => {
  test.each(STACKS)("is named on the first line of Pulumi.%s.yaml, which passes", (stack) => {
    expect(read(`Pulumi.${stack}.yaml`).split("\n")[0]).toBe(`# yaml-language-server: $schema=${SCHEMA}`);
    expect(taken(readStackFile(stack))).toBe(true);
  });

  test.each<[what: string, file: unknown]>([
    ["no config", {}],
    ["no environment", { config: { "wandstore:stores": ["a-shop"] } }],
    ["no stores", { config: { "wandstore:environment": "dev" } }],
    ["a key of ours that is unknown", { config: { ...LEAST, "wandstore:poool": {} } }],
    ["a key without a namespace", { config: { ...LEAST, pool: {} } }],
    ["a key beside config that Pulumi does not know", { config: LEAST, confg: {} }],
    ["an account in place of a secret", { config: { ...LEAST, "wandstore:accountId": { secure: "v1:abc" } } }],
  ])("refuses %s", (_, file) => {
    expect(editor.safeParse(file).success).toBe(false);
  });

  test("leaves what the Pulumi CLI and other providers have there alone", () => {
    const file = {
      config: { ...LEAST, "cloudflare:apiToken": { secure: "v1:abc" }, "cloudflare:baseUrl": "http://127.0.0.1" },
      encryptionsalt: "v1:abc",
      secretsprovider: "passphrase",
      encryptedkey: "abc",
      environment: ["team/base"],
    };
    expect(editor.safeParse(file).error?.issues ?? []).toEqual([]);
  });

  test.each<[what: string, config: Record<string, unknown>]>([
    ["a switch that `config set` wrote", { "wandstore:protect": "true" }],
    ["a decimal that `config set --path` wrote", { "wandstore:observability": { sampling: "0.5" } }],
    ["a build id of digits alone", { "wandstore:image": { ...(EXAMPLE["image"] as object), buildId: 123456789012 } }],
    ["a group with nothing below it", { "wandstore:cache": null }],
    ["the same, once the CLI has rewritten the file", { "wandstore:cache": "" }],
    [
      "a date that the CLI has rewritten",
      { "wandstore:worker": { compatibilityDate: "2026-06-15 00:00:00 +0000 UTC" } },
    ],
  ])("takes what the CLI makes of a file: %s", (_, config) => {
    expect(taken({ ...LEAST, ...config })).toBe(true);
  });

  /** Everything is set, so that each setting can be tried among all the others. */
  const FULL = {
    ...EXAMPLE,
    environment: "dev",
    protect: true,
    edgeUrl: "http://127.0.0.1:1",
    budget: { monthlyUsd: 1_000_000, perStoreDailyUsd: 0.01 },
    llm: { providers: [{ kind: "openai", model: "m", baseUrl: "http://127.0.0.1:9/v1" }] },
    rollback: {
      release: "20260701T101500Z-0a1b2c3d",
      versionId: "0a1b2c3d-0000-4000-8000-000000000000",
      image: (EXAMPLE["image"] as { ref: string }).ref,
    },
  };

  test.each(LEAVES)("agrees with the program about %s", (_, at, shape) => {
    expect(verdicts(at, valuesFor(shape, true))).toEqual(valuesFor(shape, true).map((value) => [value, true, true]));
    expect(verdicts(at, valuesFor(shape, false))).toEqual(
      valuesFor(shape, false).map((value) => [value, false, false]),
    );
  });

  /** What the editor and the program say of each value: whether they take it. */
  function verdicts(at: readonly (string | number)[], values: readonly unknown[]): [unknown, boolean, boolean][] {
    return values.map((value) => {
      const settings = withValue(FULL, at, value) as Record<string, unknown>;
      const config = Object.fromEntries(Object.entries(settings).map(([key, item]) => [`wandstore:${key}`, item]));
      return [value, taken(config), problemsOf(asRaw(settings)).length === 0];
    });
  }
});

/** Values just inside a setting's limits, or just outside. */
function valuesFor({ type, minimum = 0, maximum = 0, ...shape }: Shape, good: boolean): unknown[] {
  const given = [...(shape.default === undefined ? [] : [shape.default]), ...(shape.examples ?? [])];
  if (shape.enum) return good ? [...shape.enum].filter((value) => value !== "prod") : ["none-of-them", 7];
  switch (type) {
    case "integer":
      return good ? [minimum, maximum, ...given] : [minimum - 1, maximum + 1, minimum + 0.5, "many"];
    case "number":
      return good ? [minimum, ...given.filter((value) => value !== 20)] : [minimum - 0.01, maximum + 0.01, "many"];
    case "boolean":
      return good ? [true, false] : ["maybe", 1];
    case "array":
      return good ? given.filter((value) => (value as unknown[]).length > 0) : ["not-a-list", { a: 1 }];
    default:
      return good ? given : ["", "x".repeat(1000), "a text with spaces & signs\n".repeat(50), {}];
  }
}

function withValue(target: unknown, [step, ...rest]: readonly (string | number)[], value: unknown): unknown {
  if (step === undefined) return value;
  const inner = withValue((target as Record<string | number, unknown> | undefined)?.[step], rest, value);
  if (Array.isArray(target)) return target.map((item, index) => (index === step ? inner : (item as unknown)));
  return { ...(target as object), [step]: inner };
}
