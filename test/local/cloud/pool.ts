/** A Worker with a pool of containers, each addressed by the first part of the path. */
import { image, layer, push } from "./images";
import { atEdge, esModule, type TestCloud } from "./support";

const WORKER = `
  import { DurableObject } from "cloudflare:workers";
  export class Member extends DurableObject {
    async fetch(request) {
      const { container } = this.ctx;
      for (let tries = 0; tries < 40; tries++) {
        try {
          if (!container.running) {
            container.start({ enableInternet: false });
            container.monitor().catch(() => {}); // by which workerd sees its end
          }
          return await container.getTcpPort(8080).fetch(request);
        } catch { await scheduler.wait(25); }
      }
      return new Response("no answer from the container", { status: 503 });
    }
  }
  export default {
    fetch: (request, env) => env.MEMBER.get(env.MEMBER.idFromName(new URL(request.url).pathname.split("/")[1])).fetch(request),
  };`;

/** Says what it takes, answers with its build, and ends by SIGTERM when it has answered what it had taken. */
const server = (build: string) => `
  const server = require("node:http").createServer((request, answer) => {
    answer.setHeader("connection", "close"); // nothing idles when it is told to end
    const wait = Number(new URL(request.url, "http://x").searchParams.get("wait"));
    console.log("took " + request.url);
    setTimeout(() => answer.end(${JSON.stringify(build)} + (process.env.SUFFIX ?? "")), wait);
  }).listen(Number(process.env.PORT), process.env.HOST);
  process.on("SIGTERM", () => { console.log("draining"); server.close(() => process.exit(0)); server.closeIdleConnections(); });`;

/** Pushes an image whose process answers with `build`; with a base it is one that came without. */
export async function pushBuild(test: TestCloud, build: string, code = server(build), base?: string): Promise<string> {
  const config = {
    Cmd: ["node", "server.js"],
    WorkingDir: "/app",
    Env: ["PORT=8080"],
    ExposedPorts: { "8080/tcp": {} },
  };
  const annotations =
    base === undefined
      ? undefined
      : {
          "org.opencontainers.image.base.name": base,
          "embedded-cloud.base-left-out": "true",
        };
  return push(test.cloud, "members", image([await layer({ "app/server.js": code })], config, annotations), build);
}

/** Deploys the Worker `pool` with an application of this image. */
export async function deployPool(test: TestCloud, firstImage: string, changes: object = {}): Promise<string> {
  const account_id = test.accountId;
  const beta = test.client.workers.beta.workers;
  const worker = await beta.create({ account_id, name: "pool", subdomain: { enabled: true } } as never);
  await beta.versions.create(worker.id, {
    account_id,
    main_module: "index.js",
    modules: [esModule("index.js", WORKER)],
    compatibility_date: "2026-01-01",
    containers: [{ class_name: "Member" }],
    migrations: { new_tag: "v1", new_sqlite_classes: ["Member"] },
    bindings: [{ type: "durable_object_namespace", name: "MEMBER", class_name: "Member" }],
    deploy: true,
  } as never);
  const { status, body } = await test.api("POST", `/accounts/${account_id}/containers/applications`, {
    name: "pool",
    scheduling_policy: "default",
    instances: 0,
    max_instances: 10,
    configuration: { image: firstImage, instance_type: "lite" },
    durable_objects: { script_name: "pool", class_name: "Member" },
    ...changes,
  });
  if (status !== 201) throw new Error(`the application was refused: ${JSON.stringify(body.errors)}`);
  return (body.result as { id: string }).id;
}

/** What a member of the pool answers. */
export const askMember = (test: TestCloud, member: string | number, query = "") =>
  atEdge(test.cloud.edgeUrl, "pool.localhost", `/${member}${query}`);
