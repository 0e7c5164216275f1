import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { Agent, createServer, get } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import { buildSync } from "esbuild";
import type * as Stop from "../../../runtime/container/stop";
import { close, listen } from "../../support/loopback";
import { canonicalBody, layoutText } from "./fixtures";
import { post } from "./generator";
import { startModelStub, type ModelStub } from "./modelStub";

const folder = mkdtempSync(path.join(tmpdir(), "wand-stop-"));
const children: ChildProcess[] = [];
beforeAll(() => {
  buildSync({
    absWorkingDir: path.resolve(__dirname, "../../.."),
    entryPoints: ["runtime/container/index.ts"],
    outfile: path.join(folder, "server.js"),
    bundle: true,
    platform: "node",
    target: "node24",
  });
}, 60_000);
afterEach(() => children.splice(0).forEach((child) => child.kill("SIGKILL")));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Running {
  child: ChildProcess;
  exited: Promise<unknown[]>;
}
function start(env: Record<string, string>): Running {
  const child = spawn(process.execPath, ["server.js"], { cwd: folder, env: { HOST: "127.0.0.1", ...env } });
  children.push(child);
  return { child, exited: once(child, "exit") };
}

/** What the process logs, line by line. */
async function* events({ child }: Running): AsyncGenerator<{ event: string; signal?: string; address?: AddressInfo }> {
  for await (const line of createInterface({ input: child.stdout! })) yield JSON.parse(line);
}
async function event(lines: ReturnType<typeof events>, name: string) {
  for (;;) {
    const { value, done } = await lines.next();
    if (done === true) throw new Error(`the process ended before it said ${name}`);
    if (value.event === name) return value;
  }
}

describe("the generator, asked to stop with a page under way", () => {
  let stub: ModelStub;
  let gate: PromiseWithResolvers<void>;
  let asked: PromiseWithResolvers<void>;
  beforeEach(async () => {
    gate = Promise.withResolvers();
    asked = Promise.withResolvers();
    stub = await startModelStub(() => {
      asked.resolve();
      return { when: gate.promise, text: layoutText() };
    });
  });
  afterEach(() => stub.close());

  async function withPage() {
    const providers = JSON.stringify([{ kind: "openai", model: "m", baseUrl: stub.openAiUrl }]);
    const running = start({ PORT: "0", LLM_PROVIDERS: providers, LLM_API_KEY: "sk-stub" });
    const lines = events(running);
    const { address } = await event(lines, "listening");
    const page = post(`http://127.0.0.1:${address!.port}`, canonicalBody());
    page.catch(() => undefined); // some of these tests end it
    await asked.promise;
    return { running, lines, page };
  }

  it.each(["SIGTERM", "SIGINT"] as const)(
    "by %s, finishes it, and a further SIGTERM changes nothing",
    async (signal) => {
      const { running, lines, page } = await withPage();
      running.child.kill(signal);
      expect(await event(lines, "draining")).toMatchObject({ signal });
      running.child.kill("SIGTERM");
      gate.resolve();
      expect((await page).body.status).toBe("success");
      expect(await running.exited).toEqual([0, null]);
    },
  );

  it("ends at once at a second Ctrl-C", async () => {
    const { running, lines, page } = await withPage();
    running.child.kill("SIGINT");
    await event(lines, "draining");
    running.child.kill("SIGINT");
    expect(await running.exited).toEqual([130, null]);
    await expect(page).rejects.toThrow("fetch failed");
  });
});

describe("the generator, asked to stop with nothing under way", () => {
  it("does not wait for a connection that is only kept open", async () => {
    const running = start({ PORT: "0" });
    const { address } = await event(events(running), "listening");
    const agent = new Agent({ keepAlive: true });
    const answered = once(get({ port: address!.port, path: "/health", agent }), "response");
    await text((await answered)[0]);
    running.child.kill("SIGTERM");
    expect(await running.exited).toEqual([0, null]);
    agent.destroy();
  });

  it("hears a signal that came while it was loading", () => {
    jest.isolateModules(() => {
      const before = [...process.listeners("SIGTERM"), ...process.listeners("SIGINT")];
      const { onStop } = require("../../../runtime/container/stop") as typeof Stop;
      try {
        process.emit("SIGTERM");
        const stop = jest.fn();
        onStop(stop);
        process.emit("SIGTERM");
        expect(stop.mock.calls).toEqual([["SIGTERM"]]);
      } finally {
        for (const signal of ["SIGTERM", "SIGINT"] as const) {
          for (const listener of process.listeners(signal)) {
            if (!before.includes(listener)) process.off(signal, listener);
          }
        }
      }
    });
  });
});

it("a port that another process has ends the generator with one line that says so", async () => {
  const other = createServer();
  const { port } = new URL(await listen(other));
  try {
    const { child, exited } = start({ PORT: port });
    const [stderr, exit] = await Promise.all([text(child.stderr!), exited]);
    expect(stderr).toBe(`Cannot listen on 127.0.0.1:${port} (EADDRINUSE). Set HOST and PORT to a free address.\n`);
    expect(exit).toEqual([1, null]);
  } finally {
    await close(other);
  }
});
