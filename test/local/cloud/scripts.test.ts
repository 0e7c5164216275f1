import { randomBytes } from "node:crypto";
import { atEdge, refusal, startTestCloud, type TestCloud } from "./support";

const JAVASCRIPT = "application/javascript+module";
const HELLO =
  "export default { fetch: (_, env) => new Response(`hello ${env.NAME ?? ''} ${env.SECRET ?? ''}`.trim()) };";

interface Answer {
  status: number;
  body: { errors: { code: number; message: string }[]; result: never };
}

describe("Workers uploaded as forms", () => {
  let test: TestCloud;
  let account: string;
  beforeAll(async () => {
    test = await startTestCloud();
    account = `/accounts/${test.accountId}`;
  });
  afterAll(async () => {
    await test.stop();
    expect(test.problems).toEqual([]);
  });

  const script = (rest: string) => `${account}/workers/scripts/${rest}`;

  function form(metadata: object | undefined, code = HELLO, more: Record<string, File> = {}): FormData {
    const made = new FormData();
    if (metadata) made.set("metadata", JSON.stringify({ compatibility_date: "2026-01-01", ...metadata }));
    made.set("index.js", new File([code], "index.js", { type: JAVASCRIPT }));
    for (const [name, file] of Object.entries(more)) made.set(name, file);
    return made;
  }
  const MAIN = { main_module: "index.js" };
  const put = (name: string, body: FormData) => test.api("PUT", script(name), body as never) as Promise<Answer>;
  const post = (name: string, body: FormData) =>
    test.api("POST", script(`${name}/versions`), body as never) as Promise<Answer>;
  const serve = (name: string) => test.api("POST", script(`${name}/subdomain`), { enabled: true });
  const edge = async (name: string) => (await atEdge(test.cloud.edgeUrl, `${name}.localhost`)).text;

  it("makes a Worker, deploys it at once, and replaces it", async () => {
    const made = await put("shop", form({ ...MAIN, bindings: [{ type: "plain_text", name: "NAME", text: "Ann" }] }));
    expect(made.body.result).toMatchObject({ id: "shop", handlers: ["fetch"], startup_time_ms: expect.any(Number) });
    await serve("shop");
    expect(await edge("shop")).toBe("hello Ann");
    await put("shop", form({ ...MAIN, bindings: [{ type: "plain_text", name: "NAME", text: "Bob" }] }));
    expect(await edge("shop")).toBe("hello Bob");
    const { result } = (await test.api("GET", script("shop/versions"))).body;
    expect((result as { items: object[] }).items).toHaveLength(2);
  });

  it("takes what the official SDK sends, and gives it typed answers", async () => {
    const account_id = test.accountId;
    const { scripts } = test.client.workers;
    const metadata = { ...MAIN, tail_consumers: [{ service: "listener" }], bindings: [], logpush: true };
    // Parts under their own names and without a type of the SDK's own: cloudflare-typescript#2799.
    const body = {
      account_id,
      metadata: new File([JSON.stringify(metadata)], "metadata.json", { type: "application/json" }),
      "index.js": new File([HELLO], "index.js", { type: JAVASCRIPT }),
    };
    const made = await scripts.update("by-sdk", body as never, { headers: { "Content-Type": null } });
    expect(made).toMatchObject({ id: "by-sdk", tail_consumers: [{ service: "listener" }], logpush: true });
    const script_name = "by-sdk";
    await scripts.secrets.update(script_name, { account_id, name: "SECRET", text: "shh", type: "secret_text" });
    const secrets = [];
    for await (const secret of scripts.secrets.list(script_name, { account_id })) secrets.push(secret);
    expect(secrets).toEqual([{ name: "SECRET", type: "secret_text" }]);
    expect(await scripts.secrets.get("SECRET", { account_id, script_name })).toEqual(secrets[0]);
    expect(await scripts.scriptAndVersionSettings.get(script_name, { account_id })).toMatchObject({ logpush: true });
    const settings = await scripts.settings.edit(script_name, { account_id, tags: ["a"], logpush: false });
    expect(settings).toMatchObject({ tags: ["a"], logpush: false, tail_consumers: [{ service: "listener" }] });
    const tail = await scripts.tail.create(script_name, { account_id });
    expect(tail.url).toMatch(/^ws:\/\/127\.0\.0\.1:\d+\/tails\/[0-9a-f]{32}$/);
    expect(await scripts.tail.get(script_name, { account_id })).toEqual(tail);
    await scripts.tail.delete(tail.id, { account_id, script_name });
    expect(await refusal(scripts.tail.delete(tail.id, { account_id, script_name }))).toMatchObject({ status: 404 });
    await scripts.secrets.delete("SECRET", { account_id, script_name });
  });

  it("keeps secrets through uploads, and other bindings where it is asked to", async () => {
    const bindings = [
      { type: "plain_text", name: "NAME", text: "Ann" },
      { type: "secret_text", name: "SECRET", text: "shh" },
    ];
    await put("keeping", form({ ...MAIN, bindings }));
    await serve("keeping");
    await put("keeping", form(MAIN));
    expect(await edge("keeping")).toBe("hello  shh");
    await put("keeping", form({ ...MAIN, bindings }));
    await put("keeping", form({ ...MAIN, keep_bindings: ["plain_text"] }));
    expect(await edge("keeping")).toBe("hello Ann");
    const strict = await post("keeping", form({ ...MAIN, bindings: [{ type: "inherit", name: "SECRET" }] }));
    expect(strict.body.errors).toEqual([
      { code: 10057, message: expect.stringMatching(/^inherit binding 'SECRET' is invalid/) },
    ]);
  });

  it("uploads a version without deploying it, and refuses secrets until it runs alone", async () => {
    await put("versions", form(MAIN));
    await serve("versions");
    const { result } = (await post("versions", form(MAIN, HELLO.replace("hello", "later")))).body as {
      result: { id: string };
    };
    expect(await edge("versions")).toBe("hello");
    const secret = { name: "SECRET", text: "shh", type: "secret_text" };
    expect((await test.api("PUT", script("versions/secrets"), secret)).body.errors[0]?.code).toBe(10215);
    const latest = `${account}/workers/workers/versions/versions/latest`;
    const patched = await test.api("PATCH", latest, { env: { SECRET: { type: "secret_text", text: "shh" } } });
    expect(patched.body.result).toMatchObject({ number: 3, bindings: [{ name: "SECRET", type: "secret_text" }] });
    const unknown = await test.api("GET", script("versions/versions/3d6f5a9e-0c1b-4f0e-9d53-6c2ab1a0ffee"));
    expect([unknown.status, unknown.body.errors]).toEqual([
      404,
      [
        {
          code: 100146,
          message: "The requested Worker version could not be found, please check the ID being passed and try again.",
        },
      ],
    ]);
    const versions = [{ version_id: result.id, percentage: 100 }];
    await test.api("POST", script("versions/deployments"), { strategy: "percentage", versions });
    expect(await edge("versions")).toBe("later");
  });

  it("serves a version at an address of its own, by its id and by an alias, while previews are enabled", async () => {
    const upload = async (text: string, more: object = {}) => {
      const annotations = { "workers/alias": "staging" };
      const { body } = await post("seen", form({ ...MAIN, annotations, ...more }, HELLO.replace("hello", text)));
      return body.result as { id: string; metadata: { has_preview: boolean } };
    };
    const at = (prefix: string, domain = "localhost") => atEdge(test.cloud.edgeUrl, `${prefix}-seen.${domain}`);
    await put("seen", form(MAIN));
    await serve("seen");
    const [first, second] = [await upload("first"), await upload("second")];
    expect([first.metadata.has_preview, second.metadata.has_preview]).toEqual([true, true]);
    const previews = (on: boolean) =>
      test.api("POST", script("seen/subdomain"), { enabled: true, previews_enabled: on });
    await previews(true);
    expect((await at(first.id.slice(0, 8))).text).toBe("first");
    expect((await at(second.id.slice(0, 8))).text).toBe("second");
    expect((await at("staging")).text).toBe("second");
    expect(await edge("seen")).toBe("hello");
    const shown = (await test.api("GET", `${account}/workers/workers/seen/versions/${first.id}`)).body.result;
    const [url = ""] = (shown as { urls: string[] }).urls;
    expect((await atEdge(test.cloud.edgeUrl, new URL(url).host)).text).toBe("first");

    await put("gone", form(MAIN));
    const calling = await upload("third", { bindings: [{ type: "service", name: "GONE", service: "gone" }] });
    await test.api("DELETE", script("gone?force=true"));
    const broken = await at(calling.id.slice(0, 8));
    expect([broken.status, broken.text]).toEqual([503, expect.stringContaining("Target script 'gone' not found")]);
    await previews(false);
    for (const prefix of [first.id.slice(0, 8), "staging"]) expect((await at(prefix)).status).toBe(404);
    for (const wrong of ["Staging", "1st", "a_b", "a-", "a".repeat(60)]) {
      const refused = await post("seen", form({ ...MAIN, annotations: { "workers/alias": wrong } }));
      expect([wrong, refused.status, refused.body.errors[0]?.code]).toEqual([wrong, 400, 10021]);
    }
  });

  it("refuses forms that are none, and leaves no Worker behind", async () => {
    const migrations = { new_tag: "v1", new_sqlite_classes: ["A"] };
    const broken = "export default {\n  fetch: () => new Response('x'\n}";
    const large = new File([new Uint8Array(randomBytes(10.5 * 1024 * 1024))], "data", {
      type: "application/octet-stream",
    });
    const cases: [FormData, number, RegExp][] = [
      [form(undefined), 10021, /could not read content for part metadata/],
      [form({}), 10021, /main_module/],
      [form({ main_module: "other.js" }), 10021, /'other\.js' was not uploaded/],
      [form(MAIN, broken), 10021, /^Uncaught SyntaxError: .+\n {2}at index\.js:2:28\n$/],
      [form({ body_part: "index.js" }), 7001, /service worker syntax/],
      [form({ ...MAIN, exports: {} }), 7001, /exports/],
      [form(MAIN, HELLO, { data: large }), 10027, /^Your Worker exceeded the size limit of 10 MiB\./],
      [
        form({ ...MAIN, bindings: [{ type: "kv_namespace", name: "X", namespace_id: "none" }] }),
        10041,
        /'none' not found/,
      ],
    ];
    for (const [body, code, message] of cases) {
      const { errors } = (await put("never", body)).body;
      expect(errors).toEqual([{ code, message: expect.stringMatching(message) }]);
    }
    const list = (await test.api("GET", `${account}/workers/workers`)).body.result as { name: string }[];
    expect(list.map(({ name }) => name)).not.toContain("never");
    expect((await post("never", form(MAIN))).body.errors[0]?.code).toBe(10007);
    expect((await put("No Name", form(MAIN))).status).toBe(400);
    await put("migrating", form(MAIN));
    const refused = await post("migrating", form({ ...MAIN, migrations }));
    expect([refused.status, refused.body.errors[0]?.code]).toEqual([400, 10211]);
  });

  it("tells as a service what uses a Worker, and deletes it only when forced", async () => {
    await put("callee", form(MAIN));
    await put("caller", form({ ...MAIN, bindings: [{ type: "service", name: "CALLEE", service: "callee" }] }));
    const service = (await test.api("GET", `${account}/workers/services/callee`)).body.result;
    expect(service).toMatchObject({
      id: "callee",
      default_environment: { environment: "production", script: { id: "callee", last_deployed_from: "api" } },
    });
    const references = (await test.api("GET", script("callee/references"))).body.result;
    expect(references).toMatchObject({ services: { incoming: [{ service: "caller" }] }, durable_objects: [] });
    expect((await test.api("DELETE", `${account}/workers/services/callee`)).body.errors[0]?.code).toBe(10064);
    await test.api("DELETE", `${account}/workers/services/callee?force=true`);
    expect((await test.api("GET", `${account}/workers/services/callee`)).body.errors).toEqual([
      { code: 10090, message: "This Worker does not exist on this account." },
    ]);
  });

  it("gives Terraform's provider back what it was given, and no more", async () => {
    const settings = async () => (await test.api("GET", script("given/settings"))).body.result as object;
    const observability = { enabled: true, logs: { enabled: true, invocation_logs: false } };
    const given = { ...MAIN, limits: { cpu_ms: 50 }, observability, tail_consumers: [{ service: "listener" }] };
    await put("given", form(given));
    const { main_module: _main, ...kept } = given;
    // The provider cannot read settings without a placement.
    expect(await settings()).toMatchObject({ ...kept, placement: {}, compatibility_date: "2026-01-01" });
    expect(await settings()).toHaveProperty("observability", observability);
    const worker = (await test.api("GET", `${account}/workers/workers/given`)).body.result;
    expect(worker).toMatchObject({
      observability: { ...observability, head_sampling_rate: 1, traces: { enabled: false, persist: true } },
    });
    await put("given", form({ ...MAIN, compatibility_date: "" }));
    expect(await settings()).toMatchObject({ tail_consumers: [], compatibility_date: "" });
    expect(await settings()).not.toHaveProperty("observability");
    expect((await put("given", form({ ...MAIN, compatibility_date: "soon" }))).body.errors[0]?.code).toBe(10021);
  });

  it("names a module by its file, whatever the part is called", async () => {
    const made = new FormData();
    made.set("metadata", JSON.stringify(MAIN));
    made.set("files", new File([HELLO], "index.js", { type: JAVASCRIPT }));
    expect((await put("by-file", made)).status).toBe(200);
    await serve("by-file");
    expect(await edge("by-file")).toBe("hello");
  });
});
