import { image, layer, push } from "./images";
import { atEdge, esModule, eventually, refusal, startTestCloud, type TestCloud } from "./support";

const WORKER = `
  import { DurableObject } from "cloudflare:workers";
  export class Member extends DurableObject {
    async fetch(request) {
      const { container } = this.ctx;
      for (let tries = 0; tries < 100; tries++) {
        if (!container.running) {
          container.start({ enableInternet: false });
          container.monitor().catch(() => {});
        }
        try { return await container.getTcpPort(8080).fetch(request); }
        catch { await scheduler.wait(100); }
      }
      return new Response("no answer from the container", { status: 502 });
    }
  }
  export class Other extends DurableObject {}
  export default { fetch: (request, env) => env.MEMBER.get(env.MEMBER.idFromName("one")).fetch(request) };`;

const server = (text: string) => `
  require("node:http").createServer((_, answer) => answer.end(${JSON.stringify(text)} + process.env.FROM_IMAGE))
    .listen(Number(process.env.PORT), process.env.HOST);`;

describe("Containers in the embedded cloud", () => {
  let test: TestCloud;
  let account_id: string;
  let members: string;
  let others: string;
  let imageOne: string;
  let imageTwo: string;

  beforeAll(async () => {
    test = await startTestCloud();
    account_id = test.accountId;
    const config = {
      Cmd: ["node", "server.js"],
      WorkingDir: "/app",
      Env: ["FROM_IMAGE=!"],
      ExposedPorts: { "8080/tcp": {} },
    };
    const build = async (text: string) => image([await layer({ "app/server.js": server(text) })], config);
    imageOne = await push(test.cloud, "members", await build("one"));
    imageTwo = await push(test.cloud, "members", await build("two"));
    const beta = test.client.workers.beta.workers;
    const worker = await beta.create({ account_id, name: "pool", subdomain: { enabled: true } } as never);
    const version = await beta.versions.create(worker.id, {
      account_id,
      main_module: "index.js",
      modules: [esModule("index.js", WORKER)],
      compatibility_date: "2026-01-01",
      containers: [{ class_name: "Member" }],
      migrations: { new_tag: "v1", new_sqlite_classes: ["Member", "Other"] },
      bindings: [{ type: "durable_object_namespace", name: "MEMBER", class_name: "Member" }],
      deploy: true,
    } as never);
    expect(version).toMatchObject({ migration_tag: "v1", containers: [{ class_name: "Member" }] });
    const { result } = await test.client.durableObjects.namespaces.list({ account_id });
    const idOf = (name: string) => result.find((one) => one.class === name)?.id as string;
    [members, others] = [idOf("Member"), idOf("Other")];
  }, 60_000);
  afterAll(async () => {
    await test.stop();
    expect(test.problems).toEqual([]);
  });

  const path = (rest = "") => `/accounts/${account_id}/containers/applications${rest}`;
  const body = (changes: Record<string, unknown> = {}) => ({
    name: "pool",
    scheduling_policy: "default",
    instances: 0,
    max_instances: 2,
    configuration: { image: imageOne, instance_type: "lite" },
    durable_objects: { namespace_id: members },
    ...changes,
  });
  const create = async (changes?: Record<string, unknown>) => {
    const { status, body: answer } = await test.api("POST", path(), body(changes));
    const error = answer.success
      ? undefined
      : (JSON.parse(answer.errors[0]?.message ?? "") as { error: string; details: never });
    return {
      status,
      error: error?.error,
      details: error?.details,
      result: answer.result as { id: string; version: number },
    };
  };

  it("refuses applications that cannot run, each in Cloudflare's words", async () => {
    const none = "0".repeat(32);
    const cases: [Record<string, unknown>, string][] = [
      [{ durable_objects: { namespace_id: none } }, "DURABLE_OBJECT_NOT_FOUND"],
      [{ durable_objects: { namespace_id: others } }, "DURABLE_OBJECT_NOT_CONTAINER_ENABLED"],
      [
        { configuration: { image: `registry.cloudflare.com/${account_id}/none:v1` } },
        "IMAGE_REGISTRY_DOESNT_CONTAIN_IMAGE",
      ],
      [{ configuration: { image: "docker.io/library/node:24" } }, "IMAGE_REGISTRY_DOESNT_CONTAIN_IMAGE"],
      [{ max_instances: -1 }, "VALIDATE_INPUT"],
      [{ max_instances: 1.5 }, "VALIDATE_INPUT"],
      [{ max_instances: 15_001 }, "SURPASSED_TOTAL_LIMITS"],
      [{ configuration: { image: imageOne, vcpu: 5 } }, "SURPASSED_BASE_LIMITS"],
      [{ configuration: { image: imageOne, instance_type: "huge" } }, "VALIDATE_INPUT"],
      [{ name: undefined }, "VALIDATE_INPUT"],
    ];
    for (const [changes, error] of cases) expect(await create(changes)).toMatchObject({ error });
    expect((await test.api("GET", path())).body.result).toEqual([]);
  });

  it("runs the image, rolls another one out, keeps it over a restart, and ends it", async () => {
    const { status, result: created } = await create();
    expect([status, created.version]).toEqual([201, 1]);
    expect(await create({ name: "second" })).toMatchObject({
      error: "DURABLE_OBJECT_ALREADY_HAS_APPLICATION",
      details: { name: "pool", id: created.id },
    });
    expect((await test.api("GET", path("?name=pool"))).body.result).toMatchObject([
      { id: created.id, max_instances: 2 },
    ]);

    const ask = async () => (await atEdge(test.cloud.edgeUrl, "pool.localhost")).text;
    expect(await ask()).toBe("one!");
    const listed = await test.api("GET", path(`/${created.id}/instances`));
    expect(listed.body.result).toMatchObject({ instances: [{ application_id: created.id, image: imageOne }] });

    const patched = await test.api("PATCH", path(`/${created.id}`), { max_instances: 3 });
    expect(patched.body.result).toMatchObject({ max_instances: 3, configuration: { image: imageOne } });

    const rollout = await test.api("POST", path(`/${created.id}/rollouts`), {
      description: "Progressive update",
      strategy: "rolling",
      kind: "full_auto",
      step_percentage: 50,
      target_configuration: { image: imageTwo, environment_variables: [{ name: "FROM_IMAGE", value: "?" }] },
    });
    expect(rollout.status).toBe(201);
    expect(rollout.body.result).toMatchObject({ current_version: 1, target_version: 2, steps: [{}, {}] });
    const id = (rollout.body.result as { id: string }).id;
    await eventually(async () => {
      const { result } = (await test.api("GET", path(`/${created.id}/rollouts/${id}`))).body;
      return (result as { status: string }).status === "completed";
    });
    expect(await ask()).toBe("two?");
    await test.restart();
    expect(await ask()).toBe("two?");
    expect((await test.api("GET", path(`/${created.id}`))).body.result).toMatchObject({
      version: 2,
      configuration: { image: imageTwo, instance_type: "lite" },
    });

    expect((await test.api("DELETE", path(`/${created.id}`))).body.success).toBe(true);
    const gone = await test.api("GET", path(`/${created.id}`));
    expect([gone.status, gone.body.errors[0]?.message]).toEqual([
      404,
      expect.stringContaining("APPLICATION_NOT_FOUND"),
    ]);
  }, 60_000);

  it("tells the account's limits, and issues credentials only for its own registry", async () => {
    const me = await test.api("GET", `/accounts/${account_id}/containers/me`);
    expect(me.body.result).toMatchObject({ external_account_id: account_id, limits: { vcpu_per_deployment: 4 } });
    const other = test.client.containers.registries.credentials.generate("docker.io", {
      account_id,
      permissions: ["pull"],
      expiration_minutes: 5,
    });
    expect(await refusal(other)).toMatchObject({
      status: 404,
      message: expect.stringContaining("IMAGE_REGISTRY_NOT_CONFIGURED"),
    });
  });
});
