import type { Env } from "../../../../runtime/worker/env";
import { loadStore } from "../../../../runtime/worker/stores/record";
import { storeRecord } from "../support/store";

/** KV of which each read is answered when the test says so. */
class SlowKv {
  readonly values = new Map<string, string>();
  readonly waiting: ((fail?: Error) => void)[] = [];
  reads = 0;

  readonly env = { STORES: { get: (key: string) => this.#get(key) } } as unknown as Env;

  #get(key: string): Promise<string | null> {
    this.reads++;
    return new Promise((resolve, reject) => {
      this.waiting.push((fail) => (fail === undefined ? resolve(this.values.get(key) ?? null) : reject(fail)));
    });
  }

  answer(fail?: Error): void {
    for (const one of this.waiting.splice(0)) one(fail);
  }
}

const NOW = 1_800_000_000_000;

/** A shop that has been read once at NOW; each test has one of its own, since records are remembered by their slugs. */
async function read(slug: string): Promise<SlowKv> {
  const kv = new SlowKv();
  kv.values.set(`store:${slug}`, JSON.stringify(storeRecord(slug)));
  const first = loadStore(kv.env, slug, NOW);
  kv.answer();
  await first;
  kv.reads = 0;
  return kv;
}

describe("a shop's record that is no longer current", () => {
  it("is read by one request, while the others take what is there", async () => {
    const kv = await read("one-reader");
    kv.values.set("store:one-reader", JSON.stringify(storeRecord("one-reader", { name: "Renamed" })));
    const reader = loadStore(kv.env, "one-reader", NOW + 250);
    const others = await Promise.all([1, 2, 3].map((ms) => loadStore(kv.env, "one-reader", NOW + 250 + ms)));
    expect(others.map(({ name }) => name)).not.toContain("Renamed");
    expect(kv.reads).toBe(2); // the record and its changes
    kv.answer();
    expect((await reader).name).toBe("Renamed");
    expect((await loadStore(kv.env, "one-reader", NOW + 260)).name).toBe("Renamed");
    expect(kv.reads).toBe(2);
  });

  it("is not read by a request that began before the one that has just read it", async () => {
    const kv = await read("earlier-request");
    expect((await loadStore(kv.env, "earlier-request", NOW - 20)).slug).toBe("earlier-request");
    expect(kv.reads).toBe(0);
  });

  it("is read when the clock was set back since: today's prices do not wait for it to catch up", async () => {
    const kv = await read("set-back");
    kv.values.set("store:set-back", JSON.stringify(storeRecord("set-back", { name: "Renamed" })));
    const reader = loadStore(kv.env, "set-back", NOW - 3_600_000);
    kv.answer();
    expect((await reader).name).toBe("Renamed");
  });

  it("is read by the next request, when the one that read it met an error", async () => {
    const kv = await read("reader-fails");
    const reader = loadStore(kv.env, "reader-fails", NOW + 250);
    kv.answer(new Error("KV is down"));
    await expect(reader).rejects.toThrow("KV is down");
    const next = loadStore(kv.env, "reader-fails", NOW + 251);
    expect(kv.reads).toBe(4);
    kv.answer();
    expect((await next).slug).toBe("reader-fails");
  });

  it("is read again a moment later, when the one that reads it is never done", async () => {
    const kv = await read("reader-lost");
    void loadStore(kv.env, "reader-lost", NOW + 250);
    const next = loadStore(kv.env, "reader-lost", NOW + 500);
    expect(kv.reads).toBe(4);
    kv.answer();
    expect((await next).slug).toBe("reader-lost");
  });
});
