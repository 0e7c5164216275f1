import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setConfig, type ConfigSetOptions } from "../../../../local/deploy/stack/configSet";
import { StackFile } from "../../../../local/deploy/stack/file";
import { readStackConfig } from "../../../../local/deploy/stack/project";

let folder: string;
beforeEach(() => (folder = mkdtempSync(path.join(tmpdir(), "wand-stack-"))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const fileOf = () => path.join(folder, "Pulumi.prod.yaml");
const write = (text: string) => writeFileSync(fileOf(), text);
const text = () => readFileSync(fileOf(), "utf8");
const open = () => new StackFile(folder, "prod");

/** The very file, and the very edits, of the Pulumi CLI's own test of comments (tests/roundtrip). */
const COMMENTED = `encryptionsalt: v1:ThS5UPxP9qc=:v1:UZYAXF+ylaJ0rGhv:9OTvBnOEDFgxs7btjzSu+LZ470vLpg==
# 🔴 header comment
config:
  foo:a: some-value # 🟠 comment after value
  # 🟡 comment before key
  foo:b: some-value
  foo:c:
    a: A
    b: B
    c:
      - 1
      - 2
      - 3 # 🟢 comment in array
      # 🔵 comment after array
  foo:d:
    secure: v1:T1ftqhY0hqr+EJK6:+jvd5PMecFx80tcavzuZY4tLatgIfoe/xR72GA== # 🟣 comment on secret

# 🟥 footer comment
`;

describe("a stack's file that is edited", () => {
  it("becomes what the Pulumi CLI makes of it, comments and order included", async () => {
    write(COMMENTED);
    const file = open();
    file.set("foo:e", "E");
    file.set("foo:c", "three", ["c", 2]);
    expect(await file.save()).toBe(true);
    expect(text()).toBe(COMMENTED.replace("- 3 #", "- three #").replace("\n\n# 🟥", "\n  foo:e: E\n\n# 🟥"));
  });

  it("keeps the stacks of this project as they are, but for what was set and taken away again", async () => {
    for (const stack of ["dev", "staging", "prod"]) {
      const before = readFileSync(path.resolve(__dirname, `../../../../Pulumi.${stack}.yaml`), "utf8");
      write(before);
      expect(await open().save()).toBe(false);
      expect(text()).toBe(before);
      const pinned = open();
      pinned.set("wandstore:rollback", { release: "r", versionId: "v", image: "i" }, [], "A note.");
      await pinned.save();
      expect(text()).toContain("  # A note.\n  wandstore:rollback:\n    release: r\n    versionId: v\n    image: i\n");
      const freed = open();
      expect(freed.get("wandstore:rollback")).toEqual({ release: "r", versionId: "v", image: "i" });
      expect([freed.unset("wandstore:rollback"), freed.unset("wandstore:rollback")]).toEqual([true, false]);
      await freed.save();
      const lines = (content: string) => content.replace(/: # (.*)\n( +)/, ":\n$2# $1\n$2").trimEnd();
      expect(lines(text())).toBe(lines(before));
    }
  });

  it("gets what is missing on the way to a value", async () => {
    write("# a stack to be\n");
    const file = open();
    file.set("wandstore:worker", 10, ["rollout"]);
    file.set("wandstore:stores", "magic-wands", [0]);
    file.set("wandstore:accountId", "0123");
    file.set("wandstore:pool", { size: 3 });
    await file.save();
    expect(readStackConfig(folder, "wandstore", "prod", true).values).toEqual({
      "wandstore:worker": '{"rollout":10}',
      "wandstore:stores": '["magic-wands"]',
      "wandstore:accountId": "0123",
      "wandstore:pool": '{"size":3}',
    });
    expect(text()).toContain("# a stack to be");
  });

  it.each([
    ["config:\n  a:l: [1]\n", "a:l", [2], /a list of 1 at a:l; 2 is no place/],
    ["config:\n  a:l: [1]\n", "a:l", ["name"], /a list of 1 at a:l; "name" is no place/],
    ["config:\n  a:m: {x: 1}\n", "a:m", [0], /no list at a:m/],
    ["config:\n  a:m: {x: 1}\n", "a:m", ["x", "y"], /a plain value at a:m\.x/],
    ["config: text\n", "a:m", [], /a config without keys/],
  ])("%j refuses %s %j and stays as it is", async (before, key, below, message) => {
    write(before);
    const file = open();
    expect(() => file.set(key, 1, below)).toThrow(message);
    expect(text()).toBe(before);
  });

  it("is never written when it is no YAML, no map, or was changed by someone else meanwhile", async () => {
    for (const bad of ["config: [broken", "config:\n  a: 1\n  a: 2\n", "- a list\n"]) {
      write(bad);
      expect(open).toThrow(/cannot be edited/);
    }
    expect(() => new StackFile(folder, "nowhere")).toThrow(/there is no .*Pulumi\.nowhere\.yaml/);
    write("config:\n  a:b: 1\n");
    const file = open();
    file.set("a:b", 2);
    write("config:\n  a:b: 3\n");
    await expect(file.save()).rejects.toThrow(/was changed meanwhile/);
    expect(text()).toBe("config:\n  a:b: 3\n");
  });

  it("keeps its permissions", async () => {
    write("config: {}\n");
    const { mode } = statSync(fileOf());
    const file = open();
    file.set("a:b", 1);
    await file.save();
    expect(statSync(fileOf()).mode).toBe(mode);
  });
});

describe("setting one value", () => {
  const PLANTED = "planted-hush-hush";
  const set = (key: string, value: string, more: Partial<ConfigSetOptions> = {}) => {
    const flags = { secret: false, path: false, plaintext: false, env: {} };
    return setConfig({ projectDir: folder, project: "wandstore", stack: "prod", key, value, ...flags, ...more });
  };
  beforeEach(() => write("config:\n  wandstore:environment: prod # stays\n"));

  it("writes text as text, and below a path what looks like a number or a boolean as such", async () => {
    expect(await set("accountId", "0123")).toMatchObject({ key: "wandstore:accountId", changed: true });
    await set("cloudflare:x", "5");
    await set("pool.size", "7", { path: true });
    await set('wandstore:pool["sleepAfter"]', "5m", { path: true });
    await set("protect.x", "true", { path: true });
    await set("stores[0]", "007", { path: true });
    expect(text()).toBe(
      [
        "config:",
        "  wandstore:environment: prod # stays",
        '  wandstore:accountId: "0123"',
        '  cloudflare:x: "5"',
        "  wandstore:pool:",
        "    size: 7",
        "    sleepAfter: 5m",
        "  wandstore:protect:",
        "    x: true",
        "  wandstore:stores:",
        '    - "007"',
        "",
      ].join("\n"),
    );
    expect((await set("accountId", "0123")).changed).toBe(false);
  });

  it("encrypts a secret so that the same passphrase opens it, and makes the salt the first time only", async () => {
    const env = { PULUMI_CONFIG_PASSPHRASE: "open sesame" };
    await set("kimiApiKey", PLANTED, { secret: true, env });
    const [salt] = /encryptionsalt: .*/.exec(text())!;
    await set("claudeApiKey", `${PLANTED}-2`, { secret: true, env });
    expect(text()).toContain(salt);
    expect(text()).not.toContain(PLANTED);
    const { values, secretKeys } = readStackConfig(folder, "wandstore", "prod", false, env);
    expect(values).toMatchObject({ "wandstore:kimiApiKey": PLANTED, "wandstore:claudeApiKey": `${PLANTED}-2` });
    expect(secretKeys).toEqual(["wandstore:kimiApiKey", "wandstore:claudeApiKey"]);
    await expect(
      set("llmApiKey", PLANTED, { secret: true, env: { PULUMI_CONFIG_PASSPHRASE: "another" } }),
    ).rejects.toMatchObject({ code: "SECRETS_LOCKED" });
    expect(() => readStackConfig(folder, "wandstore", "prod", false, {})).toThrow(/PULUMI_CONFIG_PASSPHRASE/);
  });

  it("takes a value in which something is a secret for a secret as a whole", async () => {
    const env = { PULUMI_CONFIG_PASSPHRASE: "open sesame" };
    await set("other:nested.token", PLANTED, { secret: true, path: true, env });
    await set("other:nested.name", "plain", { path: true });
    expect(readStackConfig(folder, "wandstore", "prod", false, env)).toMatchObject({
      values: { "other:nested": JSON.stringify({ token: PLANTED, name: "plain" }) },
      secretKeys: ["other:nested"],
    });
    expect(readStackConfig(folder, "wandstore", "prod", true).values["other:nested"]).not.toContain("secure");
  });

  it.each([
    ["kimiApiKey", {}, /is a secret: add --secret/],
    ["pool", { secret: true, env: { PULUMI_CONFIG_PASSPHRASE: "p" } }, /is no secret setting/],
    ["cloudflare:apiToken", {}, /sounds like a secret/],
    ["kimiApiKey", { secret: true }, /set PULUMI_CONFIG_PASSPHRASE/],
    ["a:b:c", {}, /is no key/],
    ["pool[", { path: true }, /is no path/],
  ])("refuses %s %j, says why without the value, and leaves the file as it is", async (key, more, message) => {
    const before = text();
    const error: unknown = await set(key, PLANTED, more).catch((refusal: unknown) => refusal);
    expect(String(error)).toMatch(message);
    expect(String(error)).not.toContain(PLANTED);
    expect(text()).toBe(before);
  });

  it("leaves secrets to the CLI where a key service keeps them", async () => {
    write("secretsprovider: awskms://alias/x\nencryptedkey: abc\nconfig: {}\n");
    const secret = { secret: true, env: { PULUMI_CONFIG_PASSPHRASE: "p" } };
    await expect(set("kimiApiKey", PLANTED, secret)).rejects.toThrow(/awskms.*pulumi config set --secret/);
  });
});
