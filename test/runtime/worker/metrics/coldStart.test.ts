import { eventually } from "../harness";
import { ContainerHost } from "../support/containerHost";
import { parseExposition, valueIn } from "./exposition";

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

const pool = new ContainerHost();

beforeAll(() => pool.start({ worker: WORKER, server: SERVER, sleepAfter: "5m", objects: { METRICS: "Metrics" } }));
afterAll(() => pool.stop());

test("a container that slept is measured from the asking to its first answer, one that is awake is not", async () => {
  await eventually(
    async () => ((await pool.get("/wake")).status === 200 ? true : undefined),
    "the container to answer",
  );
  for (let again = 0; again < 3; again++) await pool.get("/wake");
  const scrape = parseExposition((await pool.get("/figures")).text);
  expect(valueIn(scrape, "wandstore_cold_start_seconds_count")).toBe(1);
  expect(valueIn(scrape, "wandstore_cold_start_seconds_sum")).toBeGreaterThan(LATE_MS / 1000);
});
