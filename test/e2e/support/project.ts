import { execFile, execFileSync, spawn, type ChildProcess } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

const ROOT = path.resolve(__dirname, "../../..");
/**
 * Config of the policies for processes, which judge by the real date: one day the compatibility date of every stack is a year
 * old, and no test but those of that rule, which have a clock of their own, is about it.
 */
export const ON_ANY_DAY = { "compatibility-date": { mostDays: 100_000 } };
/** Longest that a whole deployment may take on a busy machine. */
const DEPLOY_LIMIT_MS = 120_000;

/** How one run of the command line ended. */
export interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** A shop that serves: what `wandstore dev` printed and where its API is. */
export interface RunningShop {
  edgeUrl: string;
  apiUrl: string;
  accountId: string;
  apiToken: string;
  /** All that was printed so far. */
  output(): string;
  pid: number;
  /** Sends the signal and waits for the end of the process. */
  stop(signal?: NodeJS.Signals): Promise<Ended>;
}

/**
 * A copy of the project in a folder of its own, so that a test can change stack files and catalogues as a user would.
 * It holds the files git knows or would add; the packages are shared by a link.
 */
export class Project {
  readonly dir = mkdtempSync(path.join(tmpdir(), "wandstore-e2e-"));
  readonly stateDir = path.join(this.dir, "state");
  /** Variables of every process of this project, besides those of the test's own. */
  readonly env: Record<string, string> = {};
  readonly #running = new Set<ChildProcess>();

  constructor() {
    const listed = execFileSync("git", ["ls-files", "-co", "--exclude-standard", "-z"], {
      cwd: ROOT,
      encoding: "utf8",
    });
    for (const file of listed.split("\0").filter((name) => name !== "" && !name.startsWith("test/"))) {
      if (!existsSync(path.join(ROOT, file))) continue; // deleted, and git was not told yet
      const target = path.join(this.dir, file);
      mkdirSync(path.dirname(target), { recursive: true });
      cpSync(path.join(ROOT, file), target);
    }
    this.write("policies/config.json", JSON.stringify(ON_ANY_DAY));
    symlinkSync(path.join(ROOT, "node_modules"), path.join(this.dir, "node_modules"));
  }

  /** Rewrites one file of the copy. */
  edit(file: string, change: (text: string) => string): void {
    const target = path.join(this.dir, file);
    const before = readFileSync(target, "utf8");
    const after = change(before);
    if (after === before) throw new Error(`the edit of ${file} changed nothing`);
    writeFileSync(target, after);
  }

  /** Writes a file into the copy. */
  write(file: string, text: string): void {
    const target = path.join(this.dir, file);
    mkdirSync(path.dirname(target), { recursive: true });
    writeFileSync(target, text);
  }

  /** Runs the command line to its end. `--state-dir` is added. */
  run(...args: string[]): Promise<Ended> {
    return this.runPlain(...args, "--state-dir", this.stateDir);
  }

  /** The same with nothing added, for commands that keep no state. */
  runPlain(...args: string[]): Promise<Ended> {
    return new Promise((resolve) => {
      const all = [path.join(this.dir, "bin/wandstore.js"), ...args];
      const options = {
        cwd: this.dir,
        timeout: DEPLOY_LIMIT_MS,
        maxBuffer: 1 << 26,
        env: { ...cleanEnvironment(), ...this.env },
      };
      execFile(process.execPath, all, options, (error, stdout, stderr) => {
        resolve({ code: error === null ? 0 : typeof error.code === "number" ? error.code : null, stdout, stderr });
      });
    });
  }

  /** Starts `wandstore dev`, with variables of its own, and waits for the line that names the storefront. */
  async start(env: Readonly<Record<string, string>> = {}): Promise<RunningShop> {
    const all = [
      path.join(this.dir, "bin/wandstore.js"),
      "dev",
      "--port",
      "0",
      "--api-port",
      "0",
      "--state-dir",
      this.stateDir,
    ];
    const child = spawn(process.execPath, all, {
      cwd: this.dir,
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...cleanEnvironment(), ...this.env, ...env },
    });
    this.#running.add(child);
    let stdout = "";
    let stderr = "";
    child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
    const ended = new Promise<Ended>((resolve) => {
      child.once("close", (code) => {
        this.#running.delete(child);
        resolve({ code, stdout, stderr });
      });
    });
    const storefront = await new Promise<string>((resolve, reject) => {
      const limit = setTimeout(() => reject(new Error(`not serving in time:\n${stdout}\n${stderr}`)), DEPLOY_LIMIT_MS);
      child.stdout.on("data", (chunk: Buffer) => {
        stdout += chunk.toString();
        const line = /^Storefront: (\S+)$/m.exec(stdout);
        if (line === null) return;
        clearTimeout(limit);
        resolve(line[1]!);
      });
      void ended.then((end) => reject(new Error(`ended with ${end.code}:\n${end.stdout}\n${end.stderr}`)));
    });
    const running = JSON.parse(readFileSync(path.join(this.stateDir, "cloud/running.json"), "utf8")) as Record<
      string,
      string
    >;
    return {
      edgeUrl: new URL(storefront).origin,
      apiUrl: running.apiUrl!,
      accountId: running.accountId!,
      apiToken: running.apiToken!,
      output: () => stdout + stderr,
      pid: child.pid!,
      stop: async (signal = "SIGTERM") => {
        child.kill(signal);
        return ended;
      },
    };
  }

  /** Files of the state that contain the text as it is. */
  stateFilesWith(text: string): string[] {
    return readdirSync(this.stateDir, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => path.join(entry.parentPath, entry.name))
      .filter((file) => readFileSync(file).includes(text));
  }

  /** Ends what still runs and removes the copy. */
  async remove(): Promise<void> {
    for (const child of this.#running) {
      child.kill("SIGTERM");
      await new Promise((resolve) => child.once("close", resolve));
    }
    rmSync(this.dir, { recursive: true, force: true });
  }
}

/** The environment without keys of models or accounts, so that a developer's own never reach a test. */
function cleanEnvironment(): NodeJS.ProcessEnv {
  const drop = /^(KIMI|CLAUDE|LLM|ANTHROPIC|OPENAI|CLOUDFLARE|PULUMI|JEST|WANDSTORE)_?/;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !drop.test(name)));
}
