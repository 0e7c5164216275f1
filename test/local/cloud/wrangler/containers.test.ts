import { askMember, pushBuild } from "../pool";
import { eventually } from "../support";
import { Wrangler } from "./support";

jest.setTimeout(180_000);

const CODE = `
  import { DurableObject } from "cloudflare:workers";
  export class Member extends DurableObject {
    async fetch(request) {
      const { container } = this.ctx;
      if (!container.running) {
        container.start({ enableInternet: false });
        container.monitor().catch(() => {});
      }
      return container.getTcpPort(8080).fetch(request).catch(() => new Response("not yet", { status: 503 }));
    }
  }
  export class Other extends DurableObject {}
  export default { fetch: (request, env) => env.MEMBER.get(env.MEMBER.idFromName("one")).fetch(request) };`;

describe("wrangler containers", () => {
  let wrangler: Wrangler;
  let config: Record<string, unknown>;
  beforeAll(async () => {
    wrangler = await Wrangler.start();
    config = {
      name: "pool",
      main: "index.js",
      compatibility_date: "2026-07-01",
      durable_objects: { bindings: [{ name: "MEMBER", class_name: "Member" }] },
      migrations: [{ tag: "v1", new_sqlite_classes: ["Member", "Other"] }],
      containers: [
        {
          name: "members",
          class_name: "Member",
          image: await pushBuild(wrangler.test, "build-one"),
          instance_type: "lite",
          max_instances: 2,
        },
      ],
    };
    await wrangler.write("index.js", CODE);
    await wrangler.write("wrangler.json", config);
  });
  afterAll(() => wrangler.stop());

  it("deploys a Worker with a pool of containers, which answer; lists, shows and deletes the pool", async () => {
    const said = await wrangler.ok("deploy");
    expect(said).toContain("Created application members");
    await eventually(async () => (await askMember(wrangler.test, "one")).text === "build-one", 60_000);

    const [listed] = await wrangler.json<{ id: string; state: string; instances: number }[]>("containers list --json");
    expect(listed).toMatchObject({ name: "members", state: "active", instances: 1, version: 1 });
    expect(await wrangler.json(`containers info ${listed?.id}`)).toMatchObject({
      id: listed?.id,
      name: "members",
      max_instances: 2,
      health: { instances: { active: 1 } },
    });
    expect(await wrangler.ok("deploy")).toContain("No changes to be made");

    await wrangler.ok(`containers delete ${listed?.id}`);
    expect(await wrangler.ok("containers list")).toContain("No containers found");
    expect(await wrangler.refused(`containers delete ${listed?.id}`)).toContain("APPLICATION_NOT_FOUND");
  });

  it("refuses a pool for a class without a container, and one that is larger than the account allows", async () => {
    const { accountId, client } = wrangler.test;
    const { result } = await client.durableObjects.namespaces.list({ account_id: accountId });
    const create = async (className: string, changes: object = {}) => {
      const [container] = config.containers as { image: string }[];
      const { status, body } = await wrangler.test.api("POST", `/accounts/${accountId}/containers/applications`, {
        name: "another",
        scheduling_policy: "default",
        instances: 0,
        max_instances: 2,
        configuration: { image: container?.image, instance_type: "lite" },
        durable_objects: { namespace_id: result.find((one) => one.class === className)?.id },
        ...changes,
      });
      return [status, JSON.parse(body.errors[0]?.message ?? "{}").error as string];
    };
    expect(await create("Other")).toEqual([400, "DURABLE_OBJECT_NOT_CONTAINER_ENABLED"]);
    expect(await create("Member", { max_instances: 1_000_000 })).toEqual([400, "SURPASSED_TOTAL_LIMITS"]);
  });
});
