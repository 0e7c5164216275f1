import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { build } from "esbuild";
import { generator } from "../support";

const KILLS = 200;
/** Two at a time: most of the time is the start of a process. */
const CHAINS = 2;
/** Lines a writer says before its first step: `same` and `found`. */
const STARTED = 2;

describe("a state whose writer is killed", () => {
  let folder: string;
  let program: string;
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), "state-kill-"));
    program = path.join(folder, "writer.js");
    const entryPoints = [path.join(__dirname, "writer.ts")];
    await build({ entryPoints, outfile: program, bundle: true, platform: "node", target: "node24", logLevel: "error" });
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  /** Starts a writer and kills it: after so many of its lines, or after so many milliseconds. All that it said. */
  async function killed(root: string, confirmed: number, when: { lines: number } | { ms: number }): Promise<string[]> {
    const args = ["--disable-warning=ExperimentalWarning", program, root, String(confirmed)];
    const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
    const said: string[] = [];
    const closed = once(child, "close");
    const reader = createInterface(child.stdout);
    const readerClosed = once(reader, "close");
    reader.on("line", (line) => {
      said.push(line);
      if ("lines" in when && said.length >= when.lines) child.kill("SIGKILL");
    });
    if ("ms" in when) setTimeout(() => child.kill("SIGKILL"), when.ms);
    await Promise.all([closed, readerClosed]);
    expect([said.find((line) => line.startsWith("broken")), child.signalCode]).toEqual([undefined, "SIGKILL"]);
    return said;
  }

  /** How many steps were confirmed in the end, and how many of the kills came after a step: at least these. */
  async function chain(root: string, kills: number, random: () => number): Promise<{ steps: number; late: number }> {
    let confirmed = 0;
    let late = 0;
    let same: string | undefined;
    for (let kill = 0; kill < kills; kill++) {
      // A third of them during the start, when files are made, read and locked.
      const early = random() < 0.33;
      const when = early ? { ms: Math.floor(random() * 80) } : { lines: STARTED + 1 + Math.floor(random() * 12) };
      const said = await killed(root, confirmed, when);
      const words = said.map((line) => line.split(" "));
      same ??= said.find((line) => line.startsWith("same"));
      for (const line of said) if (line.startsWith("same")) expect(line).toBe(same);
      const last = words.findLast(([what]) => what === "done" || what === "found")?.[1];
      if (!early) {
        expect(Number(last)).toBeGreaterThan(confirmed);
        late += 1;
      }
      confirmed = Number(last ?? confirmed);
    }
    return { steps: confirmed, late };
  }

  it(`has all that was confirmed, and nothing by halves, after each of ${KILLS} kills`, async () => {
    const chains = Array.from({ length: CHAINS }, (_, n) =>
      chain(path.join(folder, `state-${n}`), KILLS / CHAINS, generator(n)),
    );
    for (const { steps, late } of await Promise.all(chains)) {
      expect(late).toBeGreaterThan(KILLS / CHAINS / 2); // by the seeds of the chains, not by the machine
      expect(steps).toBeGreaterThanOrEqual(late);
    }
  }, 180_000);
});
