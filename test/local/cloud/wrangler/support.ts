/** The real wrangler, as its package brings it, against an embedded cloud of the test's own. */
import { spawn, type ChildProcess } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { stripVTControlCharacters } from "node:util";
import { startTestCloud, type TestCloud } from "../support";
import { Judge } from "./judge";

/** The package's, or another one that `WRANGLER` names, to see whether a newer one still gets on. */
const BINARY = process.env.WRANGLER ?? path.resolve(require.resolve("wrangler/package.json"), "../bin/wrangler.js");
/** What V8 made of its bundle, for the commands that follow: compiling is a quarter of a short one. */
const COMPILED = path.resolve(__dirname, "../../../../node_modules/.cache/wrangler-compiled");
const GUARD = path.join(__dirname, "loopbackOnly.js");
/** Far more than it takes: on a busy machine a start alone can take ten seconds. */
const DEADLINE_MS = 90_000;

export interface Run {
  code: number | null;
  stdout: string;
  /** Both streams, without colours. */
  text: string;
}

export class Wrangler {
  private constructor(
    readonly test: TestCloud,
    /** The folder that wrangler runs in. */
    readonly dir: string,
    readonly judge: Judge,
  ) {}

  static async start(): Promise<Wrangler> {
    const dir = await mkdtemp(path.join(tmpdir(), "wrangler-"));
    await mkdir(path.join(dir, "home"));
    const test = await startTestCloud();
    const judge = new Judge(test);
    await judge.start();
    return new Wrangler(test, dir, judge);
  }

  /** Writes a file of the project; what is no text, as JSON. */
  async write(name: string, content: unknown): Promise<void> {
    await mkdir(path.dirname(path.join(this.dir, name)), { recursive: true });
    await writeFile(path.join(this.dir, name), typeof content === "string" ? content : JSON.stringify(content));
  }

  read(name: string): string {
    return readFileSync(path.join(this.dir, name), "utf8");
  }

  /** What it said on stdout. @throws Error with all it said, where it did not succeed */
  async ok(args: string, stdin = ""): Promise<string> {
    const { code, stdout, text } = await this.run(args, stdin);
    if (code !== 0) throw new Error(`wrangler ${args} ended with ${code}: ${text}`);
    return stdout;
  }

  /** What it said, where it must not succeed. */
  async refused(args: string, stdin = ""): Promise<string> {
    const { code, text } = await this.run(args, stdin);
    if (code === 0) throw new Error(`wrangler ${args} was not refused: ${text}`);
    return text.replace(/\s+/g, " ");
  }

  async json<T>(args: string): Promise<T> {
    return JSON.parse(await this.ok(args)) as T;
  }

  /** @param args separated by blanks; one in double quotes may hold some */
  run(args: string, stdin = "", env: Record<string, string> = {}): Promise<Run> {
    const child = this.spawn(args, env);
    let [stdout, all] = ["", ""];
    child.stdout?.on("data", (chunk: Buffer) => ((stdout += chunk), (all += chunk)));
    child.stderr?.on("data", (chunk: Buffer) => (all += chunk));
    child.stdin?.end(stdin);
    return new Promise((resolve, reject) => {
      child.once("error", reject);
      child.once("close", (code) =>
        resolve({ code, stdout: stripVTControlCharacters(stdout), text: stripVTControlCharacters(all) }),
      );
    });
  }

  /** Starts it, for one that goes on until it is stopped. */
  spawn(args: string, env: Record<string, string> = {}): ChildProcess {
    const parts = [...args.matchAll(/"([^"]*)"|\S+/g)].map(([whole, quoted]) => quoted ?? whole);
    const { cloud } = this.test;
    return spawn(process.execPath, [BINARY, ...parts], {
      cwd: this.dir,
      timeout: DEADLINE_MS,
      env: {
        PATH: process.env.PATH,
        HOME: path.join(this.dir, "home"),
        XDG_CONFIG_HOME: path.join(this.dir, "home", ".config"),
        NODE_OPTIONS: `--require ${GUARD}`,
        NODE_COMPILE_CACHE: COMPILED,
        ASKED_OUTSIDE: this.#asked,
        CI: "true",
        NO_COLOR: "1",
        WRANGLER_SEND_METRICS: "false",
        WRANGLER_HIDE_BANNER: "true", // which would ask npm for a newer one
        CLOUDFLARE_API_BASE_URL: this.judge.url,
        CLOUDFLARE_API_TOKEN: cloud.apiToken,
        CLOUDFLARE_ACCOUNT_ID: cloud.accountId,
        ...env,
      },
    });
  }

  /** Hosts that were asked for beyond this machine. */
  get askedOutside(): string[] {
    return existsSync(this.#asked) ? readFileSync(this.#asked, "utf8").trim().split("\n") : [];
  }

  get #asked(): string {
    return path.join(this.dir, "asked-outside");
  }

  /** Ends the cloud, and holds that nothing was asked outside and every answer was as Cloudflare describes it. */
  async stop(): Promise<void> {
    const { askedOutside } = this;
    await this.judge.stop();
    await this.test.stop();
    await rm(this.dir, { recursive: true, force: true });
    expect(askedOutside).toEqual([]);
    expect([...new Set([...this.judge.problems, ...this.test.problems])]).toEqual([]);
  }
}
