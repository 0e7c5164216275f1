import { connect } from "node:net";
import { Hono } from "hono";
import { drainUnread } from "../../../local/cloud/api/drain";
import { listen, type Listening } from "../../../local/cloud/listen";

const BODY_BYTES = 200_000;

let server: Listening;
beforeAll(async () => {
  const app = new Hono();
  app.use(drainUnread(5_000));
  app.post("/refused", (c) => c.text("no", 413));
  app.post("/left", (c) => c.text(String(c.req.raw.body?.locked), 405));
  app.post("/read", async (c) => c.text(String((await c.req.text()).length)));
  server = await listen(app, 0, (_request, socket) => socket.destroy());
});
afterAll(() => server.close());

/** Sends the head and the body in two parts, the second when `between` is over, and answers with what came and when. */
async function post(path: string, between: (heard: () => string) => Promise<void>): Promise<string> {
  const socket = connect(server.port, "127.0.0.1");
  let heard = "";
  socket.setEncoding("utf8").on("data", (chunk: string) => (heard += chunk));
  const head = `POST ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: ${BODY_BYTES}\r\n\r\n`;
  socket.write(head + "x".repeat(1_000));
  await between(() => heard);
  socket.write("x".repeat(BODY_BYTES - 1_000));
  await new Promise((resolve) => socket.once("close", resolve));
  return heard;
}

test.each([
  ["/refused", /^HTTP\/1.1 413 [^]*no$/],
  ["/left", /^HTTP\/1.1 405 [^]*false$/],
])(
  "what was refused unread is answered when it has been sent, over a connection that is still whole: %s",
  async (path, words) => {
    const answer = await post(path, async (heard) => {
      // Longer than the server would go on for a body that nobody reads.
      await new Promise((resolve) => setTimeout(resolve, 900));
      expect(heard()).toBe("");
    });
    expect(answer).toMatch(words);
  },
);

test("what a handler reads is read by it alone", async () => {
  expect(await post("/read", async () => {})).toMatch(new RegExp(`${BODY_BYTES}$`));
});

test("who never sends the rest gets the answer in the end", async () => {
  const socket = connect(server.port, "127.0.0.1");
  socket.write("POST /refused HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nx");
  const [answer] =
    (await new Promise<[Buffer]>((resolve) => socket.once("data", (data: Buffer) => resolve([data])))) ?? [];
  expect(String(answer)).toMatch(/^HTTP\/1.1 413 /);
  socket.destroy();
});
