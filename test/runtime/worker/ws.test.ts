import { createHmac } from "node:crypto";
import { Edge, eventually, SIGNING_KEY } from "./harness";
import { Client, closeFrame } from "./support/socket";
import { storeRecord } from "./support/store";

const edge = new Edge();
const STORE = "magic-wands";
const PAGE = {
  persona_hash: "v2_explorer_55_0000000a",
  generated_at: "2026-11-21T08:30:00.000Z",
  job_id: "job-1",
};

beforeAll(async () => {
  await edge.start();
  await edge.putStore(storeRecord(STORE));
  await edge.putStore(storeRecord("asks-first", { settings: { consent_required: true } }));
});
afterAll(() => edge.stop());

const signed = (text: string): string => createHmac("sha256", SIGNING_KEY).update(text).digest("base64url");
const open = (shopper: string, more = ""): Promise<Client> =>
  Client.open(edge, `store=${STORE}&shopper=${shopper}${more}`);
/** What the queue tells the object of a shopper. */
const told = async (shopper: string, method: "pageStored" | "progress" | "failed" | "erase", value?: unknown) => {
  const shoppers = await edge.mf.getDurableObjectNamespace("SHOPPER");
  const object = shoppers.get(shoppers.idFromName(`${STORE}:${shopper}`)) as unknown as Record<
    string,
    (name: unknown, value: unknown) => Promise<unknown>
  >;
  await object[method]!({ store: STORE, shopper }, value);
};
const evict = (shopper: string): Promise<void> =>
  edge.mf.unsafeEvictDurableObject("", "Shopper", { name: `${STORE}:${shopper}`, webSockets: "hibernate" });

describe("GET /ws", () => {
  const ask = (query: string, headers: Record<string, string> = {}, path = "/ws") =>
    edge.fetch(`${path}?${query}`, { headers: { Upgrade: "websocket", ...headers } });

  it("says what it is to whoever does not upgrade", async () => {
    for (const method of ["GET", "HEAD"]) {
      const response = await edge.fetch(`/ws?store=${STORE}&shopper=alice`, { method });
      expect(response.status).toBe(426);
    }
    const response = await edge.fetch(`/ws?store=${STORE}&shopper=alice`);
    expect(await response.json()).toMatchObject({ error: { code: "UPGRADE_REQUIRED", retryable: false } });
    expect((await edge.fetch("/ws", { method: "POST" })).status).toBe(405);
  });

  it.each([
    ["no store", "shopper=alice", 400, "BAD_STORE", "store"],
    ["a slug that cannot be one", "store=No!&shopper=alice", 400, "BAD_STORE", "store"],
    ["a store that is not there", "store=no-such-shop&shopper=alice", 404, "UNKNOWN_STORE", "store"],
    ["nobody", `store=${STORE}`, 400, "BAD_SHOPPER", "shopper"],
    ["a shopper that cannot be one", `store=${STORE}&shopper=a%20b`, 400, "BAD_SHOPPER", "shopper"],
    ["a wrong signature", `store=${STORE}&shopper=alice&sig=x`, 400, "BAD_SHOPPER", "sig"],
    ["a since that is no number", `store=${STORE}&shopper=alice&since=soon`, 400, "BAD_REQUEST", "since"],
    ["a since below zero", `store=${STORE}&shopper=alice&since=-1`, 400, "BAD_REQUEST", "since"],
    ["a shopper who was not asked", "store=asks-first&shopper=alice", 403, "CONSENT_REQUIRED", undefined],
  ])("refuses %s", async (_what, query, status, code, field) => {
    const response = await ask(query);
    expect(response.status).toBe(status);
    const { error } = (await response.json()) as { error: { code: string; field?: string } };
    expect([error.code, error.field]).toEqual([code, field]);
  });

  it("opens no shopper's socket to another site", async () => {
    const query = `store=${STORE}&shopper=alice`;
    for (const origin of ["https://evil.example", "https://shop.test", "http://shop.test.evil.example", "null"]) {
      const response = await ask(query, { Origin: origin });
      expect(response.status).toBe(403);
      expect(await response.json()).toMatchObject({ error: { code: "CROSS_SITE" } });
    }
    const own = await ask(query, { Origin: "http://shop.test" });
    expect(own.status).toBe(101);
    own.webSocket?.accept();
    own.webSocket?.close();
  });

  it.each([
    ["a signed link", async () => ask(`store=${STORE}&shopper=alice&sig=${signed(`link:${STORE}:alice`)}`)],
    ["the name of the contract", async () => ask(`store=${STORE}&shopper_id=alice`)],
    ["the cookie", async () => ask(`store=${STORE}`, { Cookie: `wand_shopper=alice.${signed("cookie:alice")}` })],
  ])("knows the shopper by %s", async (_what, asking) => {
    await told("alice", "pageStored", PAGE);
    const response = await asking();
    expect(response.status).toBe(101);
    const socket = response.webSocket!;
    const first = new Promise<string>((resolve) =>
      socket.addEventListener("message", ({ data }) => resolve(String(data))),
    );
    socket.accept();
    const event = JSON.parse(await first) as unknown;
    expect(event).toMatchObject({ type: "ui_ready", data: { persona_hash: PAGE.persona_hash } });
    expect(JSON.stringify(event).includes("alice")).toBe(false);
    socket.close();
  });
});

describe("a shopper's WebSocket", () => {
  it("is told of every step of a page, in the shapes of the contract", async () => {
    const client = await open("steps");
    await told("steps", "progress", { status: "generating", progress_percent: 10 });
    await told("steps", "progress", { status: "storing", progress_percent: 75 });
    await told("steps", "pageStored", PAGE);
    await told("steps", "pageStored", PAGE); // told again by a queue that was not answered: nothing is said twice
    await told("steps", "failed", { code: "GENERATION_FAILED", message: "Unable to generate UI at this time" });
    await client.event("error");
    const numbers = client.heard.map(({ seq }) => seq);
    expect(numbers).toEqual(numbers.toSorted());
    expect(client.heard.map(({ seq: _seq, ...event }) => event)).toEqual([
      { type: "generation_progress", data: { status: "generating", progress_percent: 10 } },
      { type: "generation_progress", data: { status: "storing", progress_percent: 75 } },
      { type: "generation_progress", data: { status: "complete", progress_percent: 100 } },
      { type: "ui_ready", data: { persona_hash: PAGE.persona_hash, generated_at: PAGE.generated_at } },
      { type: "error", data: { code: "GENERATION_FAILED", message: "Unable to generate UI at this time" } },
    ]);
    await client.close();
  });

  it("says what was missed, once, and goes on", async () => {
    const first = await open("away");
    await told("away", "progress", { status: "generating", progress_percent: 10 });
    const { seq } = await first.event("generation_progress");
    await first.close();
    await told("away", "progress", { status: "storing", progress_percent: 75 });
    await told("away", "pageStored", PAGE);
    const second = await open("away", `&since=${seq}`);
    const ready = await second.event("ui_ready");
    expect(second.heard.map(({ type, data }) => data["status"] ?? type)).toEqual(["storing", "complete", "ui_ready"]);
    await second.close();
    const third = await open("away", `&since=${ready.seq}`);
    await third.caughtUp();
    expect(third.heard).toEqual([]);
    await told("away", "failed", { code: "TIMEOUT", message: "Too late." });
    await third.event("error");
    await third.close();
  });

  it("tells a newcomer of the page that is ready until it is acknowledged", async () => {
    await told("fresh", "pageStored", PAGE);
    const first = await open("fresh");
    await first.event("ui_ready");
    expect(first.heard).toHaveLength(1);
    first.say({ type: "ui_acknowledged", data: { persona_hash: "v2_loyalist_55_0000000b" } });
    await first.close();
    const second = await open("fresh");
    await second.event("ui_ready");
    second.say({ type: "ui_acknowledged", data: { persona_hash: PAGE.persona_hash } });
    await second.close();
    const third = await open("fresh");
    await third.caughtUp();
    expect(third.heard).toEqual([]);
    await third.close();
  });

  it("outlives its object's sleep, and hears what happens then", async () => {
    const client = await open("sleeper");
    await client.caughtUp();
    await evict("sleeper");
    await client.caughtUp(); // answered without waking the object
    await told("sleeper", "pageStored", PAGE);
    await client.event("ui_ready");
    await client.close();
  });

  it("wakes its object by what it says", async () => {
    await edge.fetch(`/s/${STORE}?shopper=waker`);
    const { persona_hash } = await edge.until(STORE, "waker", "ready");
    const client = await open("waker");
    await client.event("ui_ready");
    await evict("waker");
    client.say({ type: "ui_acknowledged", data: { persona_hash } });
    client.say({ type: "nonsense" });
    await client.event("error");
    await client.close();
    const later = await open("waker");
    await later.caughtUp();
    expect(later.heard).toEqual([]);
    await later.close();
  });

  it("answers what it does not understand, naming the field, and stays open", async () => {
    const client = await open("muddled");
    const wrong = ["{", '{"type":"ui_ready"}', '{"type":"request_refresh","data":{"force":1}}', new Uint8Array(3)];
    for (const message of wrong) client.say(message);
    await client.until((heard) => heard.length === wrong.length, "an answer to each");
    expect(client.heard.map(({ data, seq }) => [data["code"], String(data["message"]).split(":")[0], seq])).toEqual(
      ["message", "type", "data.force", "message"].map((field) => ["BAD_REQUEST", field, undefined]),
    );
    await client.caughtUp();
    await client.close();
  });

  it("closes on a message that is too long, and takes one that just fits", async () => {
    const client = await open("talker");
    const text = (bytes: number): string => `"${"ä".repeat((bytes - 2) / 2)}"`; // two bytes each
    client.say(text(4096));
    await client.event("error");
    client.say(text(4098));
    expect((await client.closed).code).toBe(1009);
  });

  it("refuses too many messages, and closes on one who goes on", async () => {
    const client = await open("flood");
    for (let index = 0; index < 100; index++) client.say("{}");
    expect((await client.closed).code).toBe(1008);
    const codes = client.heard.map(({ data }) => data["code"]);
    expect(codes.filter((code) => code === "BAD_REQUEST").length).toBeGreaterThanOrEqual(20);
    expect(codes).toContain("RATE_LIMITED");
  });

  it("gives way to the newest when a shopper has too many", async () => {
    const oldest = await closeFrame(edge, `store=${STORE}&shopper=tabs`);
    const clients: Client[] = [];
    for (let index = 0; index < 20; index++) clients.push(await open("tabs"));
    expect((await oldest.frame).code).toBe(1008);
    await told("tabs", "failed", { code: "TIMEOUT", message: "Too late." });
    await Promise.all(clients.map((client) => client.event("error")));
    await Promise.all(clients.map((client) => client.close()));
  });

  it("comes back after the whole process was started anew, and hears what it missed", async () => {
    const client = await open("restarted");
    await told("restarted", "progress", { status: "generating", progress_percent: 10 });
    const { seq } = await client.event("generation_progress");
    await told("restarted", "progress", { status: "storing", progress_percent: 75 });
    await client.until((heard) => heard.length === 2);
    await edge.restart();
    expect((await client.closed).code).toBe(1006);
    const again = await open("restarted", `&since=${seq}`);
    expect((await again.event("generation_progress")).data["status"]).toBe("storing");
    await again.close();
  });
});

describe("request_refresh", () => {
  const refresh = (client: Client, force: boolean): void => client.say({ type: "request_refresh", data: { force } });

  it("makes a page, tells of it, and makes it again only when forced to", async () => {
    const client = await open("again");
    refresh(client, false);
    const first = await client.event("ui_ready");
    expect(edge.generator.askedFor("again")).toHaveLength(1);
    // Fresh: it is told of, and nothing is made.
    refresh(client, false);
    await client.until((heard) => heard.filter(({ type }) => type === "ui_ready").length === 2);
    expect(client.heard.at(-1)?.data).toEqual(first.data);
    expect(edge.generator.askedFor("again")).toHaveLength(1);
    // Forced, but too soon after the one before.
    refresh(client, true);
    const refused = await client.event("error");
    expect(refused.data).toMatchObject({ code: "RATE_LIMITED" });
    await client.close();
  });

  it("makes a fresh page anew when it is forced to", async () => {
    await edge.fetch(`/s/${STORE}?shopper=forced`);
    const before = await edge.until(STORE, "forced", "ready");
    const client = await open("forced");
    await client.event("ui_ready");
    refresh(client, true);
    await client.until((heard) => heard.filter(({ type }) => type === "ui_ready").length === 2, "the second page");
    expect(edge.generator.askedFor("forced")).toHaveLength(2);
    expect(client.heard.map(({ data, type }) => data["status"] ?? type)).toContain("complete");
    expect(Date.parse(String(client.heard.at(-1)?.data["generated_at"]))).toBeGreaterThan(
      Date.parse(before.generated_at ?? ""),
    );
    await client.close();
  });
});

describe("erasure", () => {
  it("closes the sockets, leaves nothing of the shopper, and lets a new visit begin", async () => {
    const client = await closeFrame(edge, `store=${STORE}&shopper=leaver`);
    await edge.track(STORE, "leaver", [{ type: "wishlist", product_id: "thing-1" }]);
    await told("leaver", "pageStored", PAGE);
    await told("leaver", "erase");
    expect(await client.frame).toEqual({ code: 4001, reason: "erased" });
    const sessions = await edge.mf.getKVNamespace("SHOPPER_SESSIONS");
    expect(await sessions.get(`session:${STORE}:leaver`)).toBeNull();

    // A job that ran meanwhile: its news bring nothing back.
    await told("leaver", "progress", { status: "storing", progress_percent: 75 });
    await told("leaver", "pageStored", PAGE);
    await told("leaver", "failed", { code: "TIMEOUT", message: "Too late." });
    expect(await sessions.get(`session:${STORE}:leaver`)).toBeNull();
    const after = await open("leaver", "&since=0");
    await after.caughtUp();
    expect(after.heard).toEqual([]);

    await edge.fetch(`/s/${STORE}?shopper=leaver`);
    await after.event("ui_ready");
    expect((await edge.until(STORE, "leaver", "ready")).persona_hash).toContain("_unknown_");
    const session = await eventually(
      async () => (await sessions.get(`session:${STORE}:leaver`)) ?? undefined,
      "a session",
    );
    expect(JSON.parse(session)).toMatchObject({ persona: { type: "unknown" } });
    await after.close();
  });
});
