import type { ServerResponse } from "node:http";
import type { RequestInit } from "miniflare";
import { probeMember } from "../../../runtime/worker/pool/probe";
import { ADMIN_TOKEN, Edge } from "./harness";
import { answer, healthy } from "./support/generator";

const edge = new Edge();
const admin = { Authorization: `Bearer ${ADMIN_TOKEN}` };
const ask = (member: string, init: RequestInit = {}) =>
  edge.fetch(`/api/pool/${member}`, { ...init, headers: { ...admin, ...(init.headers as Record<string, string>) } });

beforeAll(() => edge.start({ DEBUG_ENABLED: "false" })); // the route is there without debugging, as in prod
afterAll(() => edge.stop());
afterEach(() => {
  edge.generator.health = healthy;
});

describe("GET /api/pool/{member}", () => {
  it.each(["pool-0", "pool-3"])("says which build %s runs, and which the Worker is", async (member) => {
    const response = await ask(member);
    expect([response.status, await response.json()]).toEqual([
      200,
      { member, build_id: "build-of-the-double", worker_build_id: "testbuild", status: "healthy" },
    ]);
    expect(response.headers.get("Cache-Control")).toBe("no-store");
  });

  it("answers HEAD as GET, without a body", async () => {
    const response = await ask("pool-0", { method: "HEAD" });
    expect([response.status, await response.text()]).toEqual([200, ""]);
  });

  it.each(["pool-4", "pool-00", "pool--1", "POOL-0", "pool-0%20"])(
    "refuses %s and names the members",
    async (member) => {
      const response = await ask(member);
      expect([response.status, await response.json()]).toEqual([
        400,
        {
          error: { code: "BAD_REQUEST", message: "Members are pool-0 to pool-3.", retryable: false, field: "member" },
        },
      ]);
    },
  );

  it.each(["POST", "PUT", "DELETE"])("refuses %s and says what it takes", async (method) => {
    const response = await ask("pool-0", { method });
    expect([response.status, response.headers.get("Allow")]).toEqual([405, "GET, HEAD"]);
  });

  it.each([
    ["no token", "GET", {}],
    ["another token", "GET", { Authorization: `Bearer ${ADMIN_TOKEN}x` }],
    ["another scheme", "GET", { Authorization: `Basic ${ADMIN_TOKEN}` }],
    ["another method", "POST", {}],
  ])("is not there for %s", async (_what, method, headers) => {
    const [there, nowhere] = await Promise.all(
      ["/api/pool/pool-0", "/api/pool-0/no"].map((address) =>
        edge.fetch(address, { method, headers: headers as Record<string, string> }),
      ),
    );
    expect([there?.status, nowhere?.status]).toEqual([404, 404]);
    expect([...there!.headers.keys()]).toEqual([...nowhere!.headers.keys()]);
    const [said, expected] = [await there!.text(), await nowhere!.text()];
    expect(said.replace("/api/pool/pool-0", "")).toBe(expected.replace("/api/pool-0/no", ""));
  });

  it.each(["", "/", "/pool-0/more"])("is not /api/pool%s", async (rest) => {
    expect((await edge.fetch(`/api/pool${rest}`, { headers: admin })).status).toBe(404);
  });
});

describe("a member whose container does not say which build it is", () => {
  const text = (status: number, words: string) => (response: ServerResponse) => {
    response.writeHead(status, { "Content-Type": "text/plain" }).end(words);
  };

  it.each<[string, (response: ServerResponse) => void, string]>([
    ["is not there yet", text(503, "There is no Container instance available at this time."), "starting"],
    ["starts too often", text(429, "you are requesting too many containers per second"), "starting"],
    ["cannot be started", text(500, "Failed to start container: exit code 1"), "unreachable"],
    ["hangs up", (response) => void response.destroy(), "unreachable"],
    ["has no build id", (response) => answer(response, 200, { status: "healthy" }), "unhealthy"],
    ["has an empty build id", (response) => answer(response, 200, { status: "healthy", build_id: "" }), "unhealthy"],
    ["is not well", (response) => answer(response, 503, { status: "unhealthy", build_id: "b" }), "unhealthy"],
    ["is no generator", text(200, "<h1>It works!</h1>"), "unhealthy"],
  ])("%s", async (_what, health, status) => {
    edge.generator.health = health;
    const response = await ask("pool-1");
    expect([response.status, response.headers.get("Retry-After")]).toEqual([503, "2"]);
    expect(await response.json()).toEqual({
      member: "pool-1",
      worker_build_id: "testbuild",
      status,
      error: { code: "CONTAINER_UNAVAILABLE", message: expect.stringContaining("pool-1") as string, retryable: true },
    });
  });

  it("and says nothing at all is given up at the caller's deadline, and asked again as if nothing had been", async () => {
    edge.generator.health = () => undefined;
    const response = await ask("pool-2", { headers: { "X-Deadline-Ms": "200" } });
    expect([response.status, await response.json()]).toEqual([503, expect.objectContaining({ status: "silent" })]);
    edge.generator.health = healthy;
    expect((await ask("pool-2")).status).toBe(200);
  });

  it.each(["0", "-1", "soon", "1.5"])("and a deadline of %s is refused", async (deadline) => {
    const response = await ask("pool-0", { headers: { "X-Deadline-Ms": deadline } });
    expect([response.status, await response.json()]).toMatchObject([400, { error: { field: "X-Deadline-Ms" } }]);
  });
});

describe("probeMember", () => {
  it("gives up on a queue that hangs", async () => {
    const queue = { containerHealth: () => new Promise<undefined>(() => undefined) };
    expect(await probeMember(queue, "pool-0", 20)).toEqual({ status: "silent" });
  });

  it("calls a member unreachable whose queue fails", async () => {
    const cause = new Error("the object is overloaded");
    expect(await probeMember({ containerHealth: () => Promise.reject(cause) }, "pool-0", 1_000)).toEqual({
      status: "unreachable",
      cause,
    });
  });
});
