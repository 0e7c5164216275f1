import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { realAccount } from "../../../../local/deploy/release/account";
import { setConfig } from "../../../../local/deploy/stack/configSet";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "wand-account-"));
  writeFileSync(path.join(folder, "Pulumi.prod.yaml"), "config:\n  wandstore:environment: prod\n");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const real = (env: Record<string, string>) => realAccount(folder, "wandstore", "prod", env);
const set = (key: string, value: string, env: Record<string, string> = {}) => {
  const secret = Object.keys(env).length > 0;
  const options = { projectDir: folder, project: "wandstore", stack: "prod", path: false, plaintext: false };
  return setConfig({ ...options, key, value, secret, env });
};

describe("the real account of a stack", () => {
  it("is what the environment says, and the stack's config before it", async () => {
    const env = { CLOUDFLARE_ACCOUNT_ID: "of-env", CLOUDFLARE_API_TOKEN: "token" };
    expect(real(env).accountId).toBe("of-env");
    await set("accountId", "of-stack");
    expect(real(env).accountId).toBe("of-stack");
  });

  it("is opened with the stack's own token and address where it has them, and that token goes nowhere else", async () => {
    const seen: (string | undefined)[] = [];
    const server = createServer((request, response) => {
      seen.push(request.headers.authorization);
      response.end(JSON.stringify({ success: true, errors: [], messages: [], result: [] }));
    }).listen(0, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    const passphrase = { PULUMI_CONFIG_PASSPHRASE: "p" };
    await set("cloudflare:apiToken", "kept-token", passphrase);
    await set("cloudflare:baseUrl", `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    const env = {
      ...passphrase,
      CLOUDFLARE_ACCOUNT_ID: "a",
      CLOUDFLARE_API_TOKEN: "other",
      CLOUDFLARE_BASE_URL: "http://127.0.0.1:1",
    };
    await real(env).api("GET", "/user");
    server.close();
    expect(seen).toEqual(["Bearer kept-token"]);
    expect(() => real({ CLOUDFLARE_ACCOUNT_ID: "a" })).toThrow(/PULUMI_CONFIG_PASSPHRASE/);
  });

  it("that nobody names, or opens, is asked for", () => {
    expect(() => real({})).toThrow(/CLOUDFLARE_ACCOUNT_ID.*CLOUDFLARE_API_TOKEN/);
    expect(() => real({ CLOUDFLARE_ACCOUNT_ID: "a" })).toThrow(/^(?!.*CLOUDFLARE_ACCOUNT_ID).*CLOUDFLARE_API_TOKEN/);
    expect(() => real({ CLOUDFLARE_API_TOKEN: "t" })).toThrow(/CLOUDFLARE_ACCOUNT_ID/);
  });
});
