import { eventually } from "./harness";
import { ContainerHost } from "./support/containerHost";

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

const pool = new ContainerHost();

beforeAll(() => pool.start({ worker: WORKER, server: SERVER, sleepAfter: "1s" }));
afterAll(() => pool.stop());

const asleep = () =>
  eventually(async () => (pool.awake().length === 0 ? true : undefined), "the container to go to sleep");

test.each(["/health", "/hang"])("a container asked for %s goes to sleep after its time", async (route) => {
  // The first request of a sleeping container may be given up while that starts; it is asked until it is awake.
  await eventually(async () => ((await pool.get("/health")).status === 200 ? true : undefined), "it");
  await pool.get(route);
  expect(pool.awake()).toHaveLength(1);
  await asleep();
});
