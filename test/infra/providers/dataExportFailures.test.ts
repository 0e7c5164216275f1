import { createHash } from "node:crypto";
import { failure, STAMP, startShop } from "./shopData";
import { urnOf } from "./setup";

const URN = urnOf("DataExport");
let shop: Awaited<ReturnType<typeof startShop>>;
beforeAll(async () => {
  shop = await startShop();
});
afterAll(() => shop.stop());
beforeEach(() => shop.reset());

const remove = (inputs: object = {}): Promise<void> => shop.provider.delete("id", URN, { ...shop.inputs, ...inputs });
const refusal = (status: number): Response =>
  Response.json({ success: false, errors: [{ code: 10000, message: "planted failure" }] }, { status });

describe("an export that fails deletes nothing, and the next one begins anew:", () => {
  test.each([
    ["a KV namespace", /\/keys$/, 403],
    ["a KV value", /values\/binary$/, 403],
    ["D1", /\/export$/, 400],
    ["an R2 object", /a\.html$/, 403],
    ["all of Cloudflare, for longer than anyone waits", /\/keys$/, 503],
  ])("%s", async (_what, broken, status) => {
    const d1 = shop.exportingD1();
    shop.intercept = (request) => (broken.test(request.path.replace(/\?.*/, "")) ? refusal(status) : d1(request));
    expect(await failure(remove())).toMatch(
      /Nothing was deleted, because the export to exports\/prod failed: .*planted failure/,
    );
    expect(shop.folders()).toEqual([]);
    expect(shop.asked.filter((request) => request.startsWith("DELETE"))).toEqual([]);
    expect(await shop.objects()).toHaveLength(3);

    shop.intercept = shop.exportingD1();
    await remove();
    expect(shop.folders()).toEqual([STAMP]);
    expect(shop.lines("r2/index.jsonl")).toHaveLength(3);
  });

  test.each([
    ["D1, with its reason", { status: "error", error: "virtual tables are not exported" }, "virtual tables"],
    ["an address over an open line", { result: { signed_url: "http://example.com/?signature=planted" } }, "no https"],
    ["an address that is none", { result: { signed_url: "signature=planted" } }, "no https"],
  ])("%s", async (_what, last, words) => {
    shop.intercept = shop.exportingD1(last);
    const message = await failure(remove());
    expect(message).toContain(words);
    expect(message).not.toContain("planted");
    expect(await shop.objects()).toHaveLength(3);
  });

  test("an object that comes shorter than it is", async () => {
    const d1 = shop.exportingD1();
    const { etag } = (await shop.objects()).find(({ key }) => key === "generated/a.html") ?? { etag: "" };
    shop.intercept = (request) =>
      request.path.endsWith("a.html") ? new Response("<p>", { headers: { etag: `"${etag}"` } }) : d1(request);
    expect(await failure(remove())).toMatch(/has 8 bytes in the bucket's list, and 3 came/);
    expect(await shop.objects()).toHaveLength(3);
  });

  test("an object whose key no URL can hold", async () => {
    const d1 = shop.exportingD1();
    const result = [{ key: "generated/../a.html", size: 1, etag: "e" }];
    shop.intercept = (request) =>
      request.path.includes("/objects?")
        ? Response.json({ success: true, errors: [], result, result_info: {} })
        : d1(request);
    expect(await failure(remove())).toMatch(/generated\/\.\.\/a\.html cannot be reached/);
  });
});

describe("what Cloudflare may do meanwhile", () => {
  test("limit the rate, for as long as it may hold it up", async () => {
    const d1 = shop.exportingD1();
    let refusals = 0;
    shop.intercept = (request) => {
      if (!request.path.endsWith("a.html") || refusals >= 20) return d1(request);
      refusals++;
      return refusal(429);
    };
    await remove();
    expect(refusals).toBe(20);
    expect(shop.lines("r2/index.jsonl")).toHaveLength(3);
  });

  test("break off in the middle of a body, which is read again from its beginning", async () => {
    const d1 = shop.exportingD1();
    let breaks = 0;
    shop.intercept = (request) => {
      if (!request.path.endsWith("a.html") || breaks >= 2) return d1(request);
      breaks++;
      const half = new ReadableStream({
        start: (controller) => controller.enqueue(new TextEncoder().encode("<p>")),
        pull: (controller) => controller.error(new TypeError("terminated")),
      });
      return new Response(half);
    };
    await remove();
    expect(breaks).toBe(2);
    expect(shop.lines("r2/index.jsonl").find(({ key }) => key === "generated/a.html")).toMatchObject({
      size: 8,
      sha256: createHash("sha256").update("<p>a</p>").digest("hex"),
    });
  });

  test("refuse to read values together, which are read one by one then", async () => {
    const d1 = shop.exportingD1();
    shop.intercept = (request) => (request.path.endsWith("bulk/get") ? refusal(413) : d1(request));
    await remove();
    expect(shop.lines("kv/UI_CACHE.jsonl")).toHaveLength(4);
  });

  test("lose what it has just listed", async () => {
    const d1 = shop.exportingD1();
    shop.intercept = (request) => (/a\.html$|values\/binary$/.test(request.path) ? refusal(404) : d1(request));
    await remove();
    expect(shop.lines("r2/index.jsonl")).toHaveLength(2);
    expect(shop.lines("kv/UI_CACHE.jsonl")).toHaveLength(3);
  });
});

describe("emptying the bucket", () => {
  test("takes what appears meanwhile", async () => {
    let late = 3;
    shop.intercept = async ({ method }) => {
      if (method === "DELETE" && late-- > 0) await shop.put(`late-${late}`, "x");
      return undefined;
    };
    await remove({ enabled: false });
    expect(await shop.objects()).toEqual([]);
  });

  test("gives up on one that something keeps writing to", async () => {
    shop.intercept = async ({ method, path }) => {
      if (method === "GET" && path.includes("/objects?")) await shop.put("again", "x");
      return undefined;
    };
    expect(await failure(remove({ enabled: false }))).toMatch(/still has objects.*something is writing to it/);
  });

  test("goes through every page", async () => {
    for (const key of ["b", "c", "d"]) await shop.put(key, "x");
    await remove({ enabled: false });
    expect(await shop.objects()).toEqual([]);
    expect(shop.asked.filter((request) => request.startsWith("DELETE"))).toHaveLength(3); // two keys a page here
  });
});
