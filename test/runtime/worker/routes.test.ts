import { readFileSync } from "node:fs";
import { SourceMap, type SourceOrigin } from "node:module";
import path from "node:path";
import { ADMIN_TOKEN, Edge, eventually } from "./harness";
import { HEALTH } from "./support/generator";
import { storeRecord } from "./support/store";

const edge = new Edge();
const STORE = "magic-wands";
const admin = { headers: { Authorization: `Bearer ${ADMIN_TOKEN}` } };

beforeAll(async () => {
  await edge.start();
  await edge.putStore(storeRecord(STORE));
});
afterAll(() => edge.stop());

describe("every answer", () => {
  it.each([
    `/s/${STORE}`,
    "/s/nowhere",
    "/",
    "/store",
    "/health",
    "/robots.txt",
    "/favicon.ico",
    "/assets/none.js",
    "/nothing",
  ])("of %s has the security headers", async (address) => {
    const { headers } = await edge.fetch(address);
    expect(headers.get("Cache-Control")).toBeTruthy();
    expect(headers.get("X-Content-Type-Options")).toBe("nosniff");
    expect(headers.get("Referrer-Policy")).toBe("strict-origin-when-cross-origin");
    expect(headers.get("Content-Security-Policy")).toMatch(/^default-src 'none'/);
    expect(headers.get("X-Request-Id")).toMatch(/^[0-9a-f-]{36}$/);
  });
});

describe("GET /s/{store}", () => {
  it("says where the page is from and keeps it out of every cache", async () => {
    const response = await edge.fetch(`/s/${STORE}?shopper=alice`);
    expect(response.headers.get("Content-Type")).toBe("text/html; charset=UTF-8");
    expect(response.headers.get("Cache-Control")).toBe("private, no-store");
    expect(response.headers.get("X-Wand-Persona")).toBe("unknown");
    expect(response.headers.get("Server-Timing")).toMatch(/kv;dur=[\d.]+, .*total;dur=[\d.]+$/);
    expect(response.headers.get("Content-Security-Policy")).toMatch(
      /^default-src 'none'; script-src 'self'; style-src 'sha256-[\w+/=]+'; img-src 'self' https:\/\/pictures\.example; connect-src 'self'; form-action 'self' https:\/\/shop\.example; base-uri 'none'; frame-ancestors 'none'; report-uri \/api\/csp-report; report-to csp$/,
    );
  });

  it("answers HEAD as GET, without a body", async () => {
    const response = await edge.fetch(`/s/${STORE}?shopper=head`, { method: "HEAD" });
    expect(response.status).toBe(200);
    expect(response.headers.get("X-Wand-Source")).toBe("fallback");
    expect(await response.text()).toBe("");
  });

  it.each([
    ["/s/nowhere", 404, "UNKNOWN_STORE"],
    ["/s/No_Slug", 400, "BAD_STORE"],
    ["/s/-x", 400, "BAD_STORE"],
    ["/s/", 404, "NOT_FOUND"],
    ["/s/magic-wands/more", 404, "NOT_FOUND"],
  ])("answers %s with %i %s", async (address, status, code) => {
    const response = await edge.fetch(address);
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({ error: { code } });
  });

  it("shows a browser a page for a store that is not there", async () => {
    const response = await edge.fetch("/s/nowhere", { headers: { Accept: "text/html" } });
    expect(response.status).toBe(404);
    expect(await response.text()).toContain("<h1>There is no such shop here</h1>");
  });
});

describe("the other routes", () => {
  it("GET /store leads to the default store, with its parameters", async () => {
    const response = await edge.fetch("/store?shopper=alice");
    expect(response.status).toBe(308);
    expect(response.headers.get("Location")).toBe("/s/magic-wands?shopper=alice");
  });

  it("GET /health names version, environment and checks", async () => {
    const response = await edge.fetch("/health");
    const body = (await response.json()) as { checks: Record<string, string> };
    expect(body).toMatchObject({ status: "healthy", version: "testbuild", environment: "test" });
    expect(new Set(Object.values(body.checks))).toEqual(new Set(["ok"]));
    expect(response.status).toBe(200);
  });

  it("GET /assets serves the page's script for ever, and a former name leads to it", async () => {
    const html = await (await edge.fetch(`/s/${STORE}?shopper=alice`)).text();
    const address = /<script src="(\/assets\/wand-[0-9a-f]{12}\.js)"/.exec(html)?.[1] ?? "";
    const script = await edge.fetch(address);
    expect(script.headers.get("Cache-Control")).toBe("public, max-age=31536000, immutable");
    expect(script.headers.get("Content-Type")).toMatch(/^text\/javascript/);
    expect((await script.text()).length).toBeLessThan(5 * 1024);
    const former = await edge.fetch("/assets/wand-000000000000.js");
    expect([former.status, former.headers.get("Location")]).toEqual([302, address]);
    expect((await edge.fetch("/assets/../index.js")).status).toBe(404);
  });

  it("GET /favicon.ico is a picture that browsers may keep", async () => {
    const response = await edge.fetch("/favicon.ico");
    expect(response.status).toBe(200);
    expect(response.headers.get("content-type")).toBe("image/svg+xml");
    expect(response.headers.get("cache-control")).toBe("public, max-age=86400");
    expect(await response.text()).toMatch(/^<svg /);
  });

  it("GET /robots.txt lets storefronts be indexed", async () => {
    expect(await (await edge.fetch("/robots.txt")).text()).toContain("Allow: /s/");
  });

  it.each([
    ["DELETE", `/s/${STORE}`, "GET, HEAD"],
    ["POST", "/health", "GET, HEAD"],
    ["GET", "/api/shopper/track", "POST"],
  ])("refuses %s %s and says what it takes", async (method, address, allow) => {
    const response = await edge.fetch(address, { method });
    expect(response.status).toBe(405);
    expect(response.headers.get("Allow")).toBe(allow);
    expect(await response.json()).toMatchObject({ error: { code: "METHOD_NOT_ALLOWED" } });
  });
});

describe("GET /api/generation/status", () => {
  it("says none for a shopper who was never here", async () => {
    expect(await edge.status(STORE, "nobody")).toEqual({
      state: "none",
      persona_hash: expect.any(String) as string,
      generated_at: null,
      job_id: null,
    });
  });

  it.each([
    ["?store=nowhere&shopper=alice", 404, "store"],
    ["?shopper=alice", 400, "store"],
    [`?store=${STORE}`, 400, "shopper"],
    [`?store=${STORE}&shopper=a/b`, 400, "shopper"],
  ])("answers %s with %i naming %s", async (query, status, field) => {
    const response = await edge.fetch(`/api/generation/status${query}`);
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({ error: { field } });
  });
});

describe("POST /api/shopper/track", () => {
  const post = (body: string, query = "") => edge.fetch(`/api/shopper/track${query}`, { method: "POST", body });

  it("takes one event, with store and shopper beside it or in the address", async () => {
    const event = { type: "product_view", product_id: "thing-1", ms: 900 };
    const beside = await post(JSON.stringify({ store: STORE, shopper: "tracked", ...event }));
    expect([beside.status, await beside.json()]).toEqual([202, expect.objectContaining({ accepted: 1 })]);
    const address = await post(JSON.stringify(event), `?store=${STORE}&shopper=tracked`);
    expect(address.status).toBe(202);
  });

  it("takes nothing of a request that names nobody", async () => {
    const response = await post(JSON.stringify({ store: STORE, type: "page_view" }));
    expect([response.status, await response.json()]).toEqual([202, { accepted: 0 }]);
  });

  it.each([
    ["no JSON", "{", "body"],
    ["a list", "[]", "body"],
    ["no store", JSON.stringify({ shopper: "x", type: "page_view" }), "store"],
    ["an unknown type", JSON.stringify({ store: STORE, shopper: "x", type: "dance" }), "type"],
    ["a missing field", JSON.stringify({ store: STORE, shopper: "x", type: "product_view" }), "product_id"],
    ["no events", JSON.stringify({ store: STORE, shopper: "x", events: [] }), "events"],
    [
      "a wrong event among right ones",
      JSON.stringify({ store: STORE, shopper: "x", events: [{ type: "page_view" }, { type: "purchase", total: -1 }] }),
      "events.1.total",
    ],
    [
      "too many events",
      JSON.stringify({ store: STORE, shopper: "x", events: Array.from({ length: 51 }, () => ({ type: "page_view" })) }),
      "events",
    ],
  ])("refuses %s and names the field", async (_what, body, field) => {
    const response = await post(body);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error: { code: "BAD_REQUEST", field } });
  });

  it("refuses a body that is too large, whether or not it says so first", async () => {
    const text = JSON.stringify({ store: STORE, type: "search", query: "x".repeat(300_000) });
    const stream = new ReadableStream({
      start(controller) {
        controller.enqueue(new TextEncoder().encode(text));
        controller.close();
      },
    });
    for (const init of [{ body: text }, { body: stream, duplex: "half" as const }]) {
      const response = await edge.fetch("/api/shopper/track", { method: "POST", ...init });
      expect(response.status).toBe(413);
      expect(await response.json()).toMatchObject({ error: { code: "BODY_TOO_LARGE" } });
    }
  });
});

describe("/debug", () => {
  it("shows the container's health and a shopper's last job to whoever has the token", async () => {
    const container = await edge.fetch("/debug/container?member=pool-3", admin);
    expect(await container.json()).toEqual({ member: "pool-3", status: 200, health: HEALTH });
    await edge.fetch(`/s/${STORE}?shopper=debugged`);
    await edge.until(STORE, "debugged", "ready");
    await edge.untilRecorded(STORE, "debugged", "done");
    const errors = await edge.fetch(`/debug/errors?store=${STORE}&shopper=debugged`, admin);
    expect(await errors.json()).toMatchObject({ job: { member: expect.stringMatching(/^pool-\d$/) as string } });
    expect((await edge.fetch("/debug/container?member=pool-9", admin)).status).toBe(400);
  });

  it("is not there for anybody else, nor where debugging is off", async () => {
    const unknown = await edge.fetch("/debug/nothing");
    for (const init of [{}, { headers: { Authorization: "Bearer wrong" } }, { method: "POST" }]) {
      const response = await edge.fetch("/debug/container", init);
      expect(response.status).toBe(404);
      expect([...response.headers.keys()].toSorted()).toEqual([...unknown.headers.keys()].toSorted());
    }
    await edge.restart({ DEBUG_ENABLED: "false" });
    expect((await edge.fetch("/debug/container", admin)).status).toBe(404);
  });
});

describe("a Worker whose storage is broken", () => {
  it("says so on /health", async () => {
    await edge.restart({ POOL_SIZE: "none" });
    const response = await edge.fetch("/health");
    expect(response.status).toBe(503);
    expect(await response.json()).toMatchObject({ status: "unhealthy", checks: { settings: "failed", db: "ok" } });
  });

  it("logs a stack trace that the bundle's source map leads to the line that threw", async () => {
    const thrown = await eventually(
      async () => /"health_check_failed".*?worker\.js:(\d+):(\d+)/.exec(edge.log.join("")) ?? undefined,
      "the stack trace in the log",
    );
    const map = new SourceMap(JSON.parse(edge.sourceMap));
    const { fileName, lineNumber } = map.findOrigin(Number(thrown[1]), Number(thrown[2])) as SourceOrigin;
    expect(fileName).toBe("runtime/worker/settings.ts");
    const source = readFileSync(path.resolve(__dirname, "../../..", fileName), "utf8");
    expect(source.split("\n")[lineNumber - 1]).toContain("throw new Error(`The Worker's variables are wrong.");
  });
});
