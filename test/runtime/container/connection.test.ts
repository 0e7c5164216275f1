import { randomBytes } from "node:crypto";
import { Agent, request } from "node:http";
import { connect, type Socket } from "node:net";
import { text } from "node:stream/consumers";
import { gzipSync } from "node:zlib";
import { canonicalBody } from "./fixtures";
import { startGenerator, type Generator } from "./generator";
import { until } from "./modelsScene";

let server: Generator;
const sockets: Socket[] = [];
beforeAll(async () => {
  server = await startGenerator();
});
afterEach(() => sockets.splice(0).forEach((socket) => socket.destroy()));
afterAll(() => server.close());

/** A connection on which something was sent as it is. */
function send(head: string): Socket {
  const socket = connect(Number(new URL(server.url).port), "127.0.0.1");
  socket.write(head);
  sockets.push(socket);
  return socket;
}
const HALF_A_BODY = [
  "POST /generate HTTP/1.1",
  "Host: generator",
  "X-Deadline-Ms: 1",
  "Content-Type: application/json",
  "Content-Length: 5000",
  "",
  '{"shopper_id":',
].join("\r\n");

it("a body that does not arrive is not waited for beyond the deadline, and its connection is closed", async () => {
  const answer = await text(send(HALF_A_BODY));
  expect(answer).toMatch(/^HTTP\/1\.1 504 .*\r\nConnection: close\r\n/s);
  expect(JSON.parse(answer.slice(answer.indexOf("\r\n\r\n")))).toMatchObject({
    status: "error",
    error: { code: "TIMEOUT", retryable: true, field: "body" },
  });
});

it("a caller who hangs up in the middle of a body leaves a line in the log, and nothing elsewhere", async () => {
  const printed = jest.spyOn(console, "error").mockImplementation(() => undefined);
  try {
    send(HALF_A_BODY.replace("-Ms: 1", "-Ms: 60000")).end();
    await until(() => server.lines().some(({ event }) => event === "connection"));
    expect(server.lines().find(({ event }) => event === "connection")).toMatchObject({ level: "warn" });
    expect(printed).not.toHaveBeenCalled();
    expect(server.logText()).not.toContain("shopper_id");
  } finally {
    printed.mockRestore();
  }
});

it("a packed body that is refused for its size leaves the connection as good as new", async () => {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  try {
    // More than fits between the two processes, so that most of it is still to come when it is refused.
    const bomb = await ask(agent, Buffer.concat([gzipSync(Buffer.alloc(2_000_000)), randomBytes(4_000_000)]));
    expect(bomb).toMatchObject({ status: 413, answer: { error: { code: "BODY_TOO_LARGE" } } });
    const good = await ask(agent, gzipSync(JSON.stringify(canonicalBody())));
    expect(good).toMatchObject({ status: 200, answer: { status: "success" } });
    expect(good.port).toBe(bomb.port);
  } finally {
    agent.destroy();
  }
});

function ask(
  agent: Agent,
  body: Buffer,
): Promise<{ status?: number | undefined; answer: unknown; port?: number | undefined }> {
  return new Promise((resolve, reject) => {
    const headers = { "Content-Type": "application/json", "Content-Encoding": "gzip", "Content-Length": body.length };
    const asked = request(`${server.url}/generate`, { agent, method: "POST", headers }, (response) => {
      const port = response.socket.localPort;
      text(response).then((given) => resolve({ status: response.statusCode, answer: JSON.parse(given), port }), reject);
    });
    asked
      .once("error", reject)
      .setTimeout(20_000, () => asked.destroy(new Error("no answer in 20 s")))
      .end(body);
  });
}
