import { Edge } from "./harness";
import { storeRecord } from "./support/store";
const edge = new Edge();
it("bench", async () => {
  await edge.start();
  await edge.putStore(storeRecord("magic-wands"));
  const url = await edge.mf.ready;
  const run = async (name: string, n: number, address: (i: number) => string) => {
    const times: number[] = []; const src: Record<string, number> = {};
    let next = 0; const t0 = performance.now();
    await Promise.all(Array.from({ length: 50 }, async () => {
      while (next < n) { const i = next++; const s = performance.now();
        const r = await fetch(new URL(address(i), url)); await r.arrayBuffer();
        times.push(performance.now() - s); const k = r.headers.get("x-wand-source") ?? String(r.status); src[k] = (src[k] ?? 0) + 1; }
    }));
    const total = performance.now() - t0; times.sort((a, b) => a - b);
    console.log(name, "rps", Math.round(n / total * 1000), "p50", times[Math.floor(n / 2)]!.toFixed(1), "p99", times[Math.floor(n * .99)]!.toFixed(1), JSON.stringify(src));
  };
  await edge.fetch("/s/magic-wands?shopper=alice"); await edge.until("magic-wands", "alice", "ready");
  await run("warm", 500, () => "/s/magic-wands?shopper=alice");
  await run("robots", 1500, () => "/robots.txt");
  await run("memory", 1500, () => "/s/magic-wands?shopper=alice");
  await run("anonymous fallback", 1500, () => "/s/magic-wands");
  await run("first visits", 300, (i) => `/s/magic-wands?shopper=s${i}`);
  await edge.stop();
}, 120000);
