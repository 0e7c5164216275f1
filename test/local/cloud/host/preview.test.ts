import type { Host, TraceEvent, WorkerSpec } from "../../../../local/cloud/host";
import { eventually, TestClock } from "../support";
import { edgeTable, get, HostFolder } from "./support";

const KV = "a".repeat(32);
/** Answers with its name, how many requests its isolate has seen, and what is kept; `?keep=` changes that. */
const code = (name: string) => `
let seen = 0;
export default {
  async fetch(request, env) {
    const keep = new URL(request.url).searchParams.get("keep");
    if (keep !== null) await env.KV.put("kept", keep);
    console.log("asked");
    return Response.json(["${name}", ++seen, await env.KV?.get("kept")]);
  },
};`;
const BOUND = { bindings: [{ type: "kv" as const, name: "KV", namespaceId: KV }] };

let folder: HostFolder;
let host: Host;
let clock: TestClock;
let told: TraceEvent[];
beforeEach(async () => {
  folder = await HostFolder.create();
  clock = new TestClock();
  told = [];
  host = await folder.start({ clock, onTrace: (event) => told.push(event) });
});
afterEach(() => folder.remove());

/** Runs `live`, and serves other versions of the Worker at `{name}.localhost`. */
async function serve(live: WorkerSpec, others: Record<string, WorkerSpec> = {}): Promise<void> {
  await host.setWorker(live);
  host.setEdge({
    ...edgeTable("shop"),
    preview: (asked) => {
      const version = others[asked.replace(".localhost", "")];
      return version && { worker: "shop", workerId: version.workerId, version };
    },
  });
}
const ask = async (name: string, route = "/") => JSON.parse((await get(host, `${name}.localhost`, route)).text);
/** Lets time pass until nothing runs. */
const ended = () =>
  eventually(async () => {
    clock.move(3 * 60_000);
    return (await folder.processes()) === 0;
  });

test("a previewed version runs beside what is deployed and disturbs nothing; it ends when nobody asks, and starts again", async () => {
  await serve(await folder.worker("shop", code("live")), { preview: await folder.worker("shop", code("preview")) });
  expect(await ask("shop")).toEqual(["live", 1, null]);
  expect(await ask("preview")).toEqual(["preview", 1, null]);
  expect(await ask("preview")).toEqual(["preview", 2, null]);
  expect(await ask("shop")).toEqual(["live", 2, null]);
  expect((await get(host, "other.localhost")).status).toBe(404);
  await ended();
  expect(await ask("preview")).toEqual(["preview", 1, null]);
});

test("it has the data of what is deployed, which runs on without it once it ended", async () => {
  const preview = await folder.worker("shop", code("preview"), BOUND);
  await serve(await folder.worker("shop", code("live"), BOUND), { preview });
  expect(await ask("shop", "/?keep=one")).toEqual(["live", 1, "one"]);
  expect(await ask("preview")).toEqual(["preview", 1, "one"]);
  expect(await ask("preview", "/?keep=two")).toEqual(["preview", 2, "two"]);
  expect(await ask("shop")).toEqual(["live", 1, "two"]); // one process has the data, and it was started with both
  await ended();
  expect(await ask("shop")).toEqual(["live", 1, "two"]);
  expect(await ask("preview")).toEqual(["preview", 1, "two"]); // declared anew, for which the other starts anew
  expect(await ask("shop")).toEqual(["live", 1, "two"]);
});

test("the version that is deployed answers at its address as itself, and after a deployment the former one does", async () => {
  const [one, two] = [await folder.worker("shop", code("one")), await folder.worker("shop", code("two"))];
  await serve(one, { one, two });
  expect(await ask("shop")).toEqual(["one", 1, null]);
  expect(await ask("one")).toEqual(["one", 2, null]);
  expect(await ask("two")).toEqual(["two", 1, null]);
  await host.setWorker(two);
  expect(await ask("shop")).toEqual(["two", 1, null]);
  expect(await ask("two")).toEqual(["two", 2, null]);
  expect(await ask("one")).toEqual(["one", 1, null]);
});

test("who listens to what a Worker does is told nothing of its previews", async () => {
  const live = await folder.worker("shop", code("live"), BOUND);
  await serve(live, { preview: await folder.worker("shop", code("preview"), BOUND) });
  await host.trace(true);
  await ask("preview");
  await ask("shop");
  await eventually(async () => told.length > 0);
  expect(told.map(({ worker, versionId }) => [worker, versionId])).toEqual([["shop", live.versionId]]);
});

test("a preview that cannot start says so, and what is deployed goes on", async () => {
  const broken = await folder.worker("shop", "export default {{", BOUND);
  await serve(await folder.worker("shop", code("live"), BOUND), { broken });
  expect(await ask("shop", "/?keep=one")).toEqual(["live", 1, "one"]);
  const refused = await get(host, "broken.localhost");
  expect([refused.status, refused.text]).toEqual([503, expect.stringContaining("at broken.localhost cannot start")]);
  expect(await ask("shop")).toEqual(["live", 1, "one"]);
});
