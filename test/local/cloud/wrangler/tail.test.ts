import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { stripVTControlCharacters } from "node:util";
import { eventually } from "../support";
import { Shop } from "./shop";

jest.setTimeout(180_000);

const SOON_MS = 60_000;

interface TailEvent {
  outcome: string;
  scriptName: string;
  scriptVersion: { id: string };
  event: { request?: { url: string; method: string; headers: Record<string, string> }; response?: { status: number } };
  logs: { level: string; message: unknown[]; timestamp: number }[];
  exceptions: { name: string; message: string; stack?: string }[];
}

describe("wrangler tail", () => {
  let shop: Shop;
  let tails: { child: ChildProcess; said: string }[] = [];
  beforeAll(async () => {
    shop = await Shop.create();
    await shop.wrangler.ok("deploy");
    await shop.edge(); // it runs before anybody listens, and is not started anew for them
    tails = ["json", "pretty"].map((format) => {
      const child = shop.wrangler.spawn(`tail shop --format ${format}`);
      const tail = { child, said: "" };
      for (const stream of [child.stdout, child.stderr]) {
        stream?.on("data", (chunk: Buffer) => (tail.said += stripVTControlCharacters(chunk.toString())));
      }
      return tail;
    });
    await eventually(async () => tails[1]?.said.includes("Connected to shop"), SOON_MS);
    // The other says nothing of its connection: a request tells.
    await eventually(async () => (await shop.edge("/ready")) && tails[0]?.said.includes("/ready"), SOON_MS);
  });
  afterAll(async () => {
    for (const { child } of tails) if (child.exitCode === null) child.kill("SIGKILL");
    await shop.wrangler.stop();
  });

  /** The events that the tail in JSON has told so far: documents, one after the other. */
  const events = (): TailEvent[] =>
    (tails[0]?.said.split(/(?<=^\})\n/m) ?? [])
      .filter((text) => text.trim() !== "")
      .map((text) => JSON.parse(text) as TailEvent);
  const eventOf = (path: string) =>
    eventually(async () => events().find(({ event }) => event.request?.url.endsWith(path)), SOON_MS);

  it("tells each request once, with what it logged and which version answered", async () => {
    await shop.edge("/one?q=1");
    const told = await eventOf("/one?q=1");
    const [version] = (await shop.get<{ items: { id: string }[] }>("/workers/scripts/shop/versions")).items;
    expect(told).toMatchObject({
      outcome: "ok",
      scriptName: "shop",
      scriptVersion: { id: version?.id },
      event: { request: { url: "http://shop.localhost/one?q=1", method: "GET" }, response: { status: 200 } },
      logs: [{ level: "log", message: ["asked for", "/one", { by: "a test" }], timestamp: expect.any(Number) }],
      exceptions: [],
    });
    expect(events().filter(({ event }) => event.request?.url.endsWith("/one?q=1"))).toHaveLength(1);
    await eventually(async () => tails[1]?.said.includes("(log) asked for /one { by: 'a test' }"), SOON_MS);
    expect(tails[1]?.said).toMatch(/GET http:\/\/shop\.localhost\/one\?q=1 - Ok @ /);
  });

  it("tells what was thrown, and hides what a header holds in secret", async () => {
    const { cloud } = shop.wrangler.test;
    await fetch(`${cloud.edgeUrl}/throw`, { headers: { authorization: "Bearer hidden" } });
    const told = await eventOf("/throw");
    expect(told).toMatchObject({
      outcome: "exception",
      exceptions: [{ name: "TypeError", message: "broken on purpose" }],
      event: { request: { headers: { authorization: "REDACTED" } } },
    });
    await eventually(async () => tails[1]?.said.includes("TypeError: broken on purpose"), SOON_MS);
    expect(tails[1]?.said).toContain("/throw - Exception Thrown @ ");
    expect(tails.map(({ said }) => said).join()).not.toContain("hidden");
  });

  it("ends with wrangler, which takes its tail away", async () => {
    for (const { child } of tails) {
      const closed = once(child, "close");
      child.kill("SIGINT");
      await closed;
    }
    const { cloud, accountId } = shop.wrangler.test;
    const answer = await fetch(`${cloud.apiUrl}/accounts/${accountId}/workers/scripts/shop/tails`, {
      headers: { authorization: `Bearer ${cloud.apiToken}` },
    });
    expect(await answer.json()).toMatchObject({ result: null });
  });
});
