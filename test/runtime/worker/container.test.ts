import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { build } from "esbuild";
import type { Host } from "../../../local/cloud/host";
import { edgeTable, get, HostFolder } from "../../local/cloud/host/support";
import { eventually } from "./harness";

const ROOT = path.resolve(__dirname, "../../..");
const NAMESPACE = "c".repeat(32);

/** The Worker's own container class, with every path passed on to one member. */
const WORKER = `
export { AIGeneratorContainer } from "./runtime/worker/pool/container";
export default {
  async fetch(request, env) {
    const { pathname } = new URL(request.url);
    const headers = { "X-Deadline-Ms": "300" };
    const signal = AbortSignal.timeout(300);
    const response = await env.GENERATOR.get(env.GENERATOR.idFromName("pool-0")).fetch("http://generator" + pathname, { headers, signal });
    return new Response(await response.text());
  },
};`;

/** Answers its health at once, and everything else never. */
const SERVER = `
require("node:http").createServer((request, response) => {
  if (request.url === "/health") response.end("healthy");
}).listen(process.env.PORT, process.env.HOST);`;

let folder: HostFolder;
let host: Host;

beforeAll(async () => {
  folder = await HostFolder.create();
  host = await folder.start();
  const { outputFiles } = await build({
    stdin: { contents: WORKER, resolveDir: ROOT },
    bundle: true,
    write: false,
    format: "esm",
    keepNames: true,
    conditions: ["workerd", "worker", "browser"],
    external: ["cloudflare:*", "node:*"],
  });
  const rootDir = path.join(folder.dir, "image");
  await mkdir(path.join(rootDir, "app"), { recursive: true });
  await writeFile(path.join(rootDir, "app/server.js"), SERVER);
  const image = {
    ref: "registry.cloudflare.com/account/app:1",
    rootDir,
    config: { Cmd: ["node", "server.js"], WorkingDir: "/app", Env: [], ExposedPorts: { "8080/tcp": {} } },
  };
  const spec = await folder.worker("pool", outputFiles[0]?.text ?? "", {
    bindings: [
      { type: "durableObject", name: "GENERATOR", className: "AIGeneratorContainer" },
      { type: "text", name: "CONTAINER_SLEEP_AFTER", text: "1s" },
    ],
    durableObjects: [
      {
        className: "AIGeneratorContainer",
        namespaceId: NAMESPACE,
        sqlite: true,
        container: { image, maxInstances: 1 },
      },
    ],
  });
  await host.setWorker(spec);
  host.setEdge(edgeTable("pool"));
});
afterAll(() => folder.remove());

const asleep = () =>
  eventually(async () => (host.instances(NAMESPACE).length === 0 ? true : undefined), "the container to go to sleep");

test.each(["/health", "/hang"])("a container asked for %s goes to sleep after its time", async (route) => {
  // The first request of a sleeping container may be given up while that starts; it is asked until it is awake.
  await eventually(
    async () => ((await get(host, "pool.localhost", "/health")).status === 200 ? true : undefined),
    "it",
  );
  await get(host, "pool.localhost", route);
  expect(host.instances(NAMESPACE)).toHaveLength(1);
  await asleep();
});
