import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { build } from "esbuild";
import type { Host } from "../../../../local/cloud/host";
import { edgeTable, get, HostFolder } from "../../../local/cloud/host/support";
import { eventually } from "../harness";
import { parseExposition, valueIn } from "./exposition";

const ROOT = path.resolve(__dirname, "../../../..");

/** The Worker's own container class and object of figures; one path wakes the container, another one reads the figures. */
const WORKER = `
import { sendFigures } from "./runtime/worker/metrics/count";
export { Metrics } from "./runtime/worker/metrics/metrics";
export { AIGeneratorContainer } from "./runtime/worker/pool/container";
export default {
  async fetch(request, env) {
    if (new URL(request.url).pathname === "/figures") {
      await sendFigures(env);
      return new Response(await env.METRICS.get(env.METRICS.idFromName("metrics")).text());
    }
    const headers = { "X-Deadline-Ms": "20000" };
    const response = await env.GENERATOR.get(env.GENERATOR.idFromName("pool-0")).fetch("http://generator/health", { headers });
    return new Response(await response.text(), { status: response.status });
  },
};`;

/** Listens only after a while, as a container does whose process has to load. */
const LATE_MS = 400;
const SERVER = `
setTimeout(() => {
  require("node:http").createServer((_, response) => response.end("healthy")).listen(process.env.PORT, process.env.HOST);
}, ${LATE_MS});`;

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
  const namespaceId = "d".repeat(32);
  const spec = await folder.worker("pool", outputFiles[0]?.text ?? "", {
    bindings: [
      { type: "durableObject", name: "GENERATOR", className: "AIGeneratorContainer" },
      { type: "durableObject", name: "METRICS", className: "Metrics" },
      { type: "text", name: "CONTAINER_SLEEP_AFTER", text: "5m" },
    ],
    durableObjects: [
      { className: "AIGeneratorContainer", namespaceId, sqlite: true, container: { image, maxInstances: 1 } },
      { className: "Metrics", namespaceId: "e".repeat(32), sqlite: true },
    ],
  });
  await host.setWorker(spec);
  host.setEdge(edgeTable("pool"));
});
afterAll(() => folder.remove());

test("a container that slept is measured from the asking to its first answer, one that is awake is not", async () => {
  await eventually(
    async () => ((await get(host, "pool.localhost", "/wake")).status === 200 ? true : undefined),
    "the container to answer",
  );
  for (let again = 0; again < 3; again++) await get(host, "pool.localhost", "/wake");
  const scrape = parseExposition((await get(host, "pool.localhost", "/figures")).text);
  expect(valueIn(scrape, "wandstore_cold_start_seconds_count")).toBe(1);
  expect(valueIn(scrape, "wandstore_cold_start_seconds_sum")).toBeGreaterThan(LATE_MS / 1000);
});
