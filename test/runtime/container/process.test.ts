import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import { build } from "esbuild";
import { canonicalBody, layoutText } from "./fixtures";
import { post } from "./generator";
import { startModelStub } from "./modelStub";

const ROOT = path.resolve(__dirname, "../../..");
let folder: string;
let child: ChildProcess | undefined;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "wand-generator-"));
  await build({
    absWorkingDir: ROOT,
    entryPoints: ["runtime/container/index.ts"],
    outfile: path.join(folder, "server.js"),
    bundle: true,
    minify: true,
    platform: "node",
    target: "node24",
    format: "cjs",
    define: { __BUILD_ID__: JSON.stringify("bundled-1") },
    logLevel: "silent",
  });
}, 60_000);
afterEach(() => child?.kill("SIGKILL"));
afterAll(() => rm(folder, { recursive: true, force: true }));

/** The bundle as a process of its own, in a folder without node_modules, with nothing of our environment. */
function run(env: Record<string, string>): ChildProcess & { exited: Promise<unknown[]> } {
  const started = spawn(process.execPath, ["server.js"], { cwd: folder, env, stdio: ["ignore", "pipe", "pipe"] });
  child = started;
  return Object.assign(started, { exited: once(started, "exit") });
}

/** Address of the process once it listens. */
async function addressOf(server: ChildProcess): Promise<string> {
  for await (const line of createInterface({ input: server.stdout! })) {
    const entry = JSON.parse(line) as { event: string; address: { port: number } };
    if (entry.event === "listening") return `http://127.0.0.1:${entry.address.port}`;
  }
  throw new Error("the process ended before it listened");
}

describe("the generator's process", () => {
  it("finishes the page under way on SIGTERM, takes no new one, and exits with 0", async () => {
    const release = gate();
    const asked = gate();
    const stub = await startModelStub(() => {
      asked.open();
      return { when: release.opened, text: layoutText() };
    });
    try {
      const providers = [{ kind: "claude", model: "claude-haiku-5-5", baseUrl: `${stub.anthropicUrl}/v1` }];
      const server = run({
        PORT: "0",
        HOST: "127.0.0.1",
        LLM_PROVIDERS: JSON.stringify(providers),
        CLAUDE_API_KEY: "sk-secret",
      });
      const url = await addressOf(server);
      expect(await (await fetch(`${url}/health`)).json()).toMatchObject({ build_id: "bundled-1" });
      const page = post(url, canonicalBody());
      await asked.opened;
      server.kill("SIGTERM");
      await refused(`${url}/health`);
      release.open();
      expect((await page).body).toMatchObject({ status: "success", meta: { model: "claude-haiku-5-5" } });
      expect((await page).headers.get("connection")).toBe("close");
      expect(await server.exited).toEqual([0, null]);
    } finally {
      await stub.close();
    }
  });

  it("exits at once on SIGTERM when nothing is under way", async () => {
    const server = run({ PORT: "0", HOST: "127.0.0.1" });
    await addressOf(server);
    server.kill("SIGTERM");
    expect(await server.exited).toEqual([0, null]);
  });

  it.each<[string, Record<string, string>, RegExp]>([
    ["a wrong environment", { LLM_PROVIDERS: "[{}]" }, /^The environment is wrong\. LLM_PROVIDERS\.0\.kind: .*\n$/],
    [
      "an address that is not its own",
      { HOST: "192.0.2.1" },
      /^Cannot listen on 192\.0\.2\.1:8080 \(EADDRNOTAVAIL\)\..*\n$/,
    ],
  ])("refuses to start on %s, with one line", async (_name, env, message) => {
    const server = run(env);
    const [stderr, exit] = await Promise.all([text(server.stderr!), server.exited]);
    expect(stderr).toMatch(message);
    expect(exit).toEqual([1, null]);
  });
});

/** Waits until nobody listens there any more. */
async function refused(url: string): Promise<void> {
  const end = performance.now() + 10_000;
  while (performance.now() < end) {
    const answered = await fetch(url, { headers: { Connection: "close" } }).then(
      async (response) => (await response.arrayBuffer(), true),
      () => false,
    );
    if (!answered) return;
  }
  throw new Error("still listening after 10 s");
}

/** A promise and what settles it. */
function gate(): { opened: Promise<void>; open: () => void } {
  let open = (): void => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open: () => open() };
}
