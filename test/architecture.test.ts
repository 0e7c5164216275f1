import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";

const root = path.resolve(__dirname, "..");
const depcruise = path.join(root, "node_modules/.bin/depcruise");

interface Verdict {
  summary: { violations: { from: string; to: string; rule: { name: string } }[]; totalCruised: number };
}

/** Judges a tree by the rules of `.dependency-cruiser.js`. */
async function judge(folder: string, rooms: string[]): Promise<Verdict["summary"]> {
  const args = [depcruise, "--config", path.join(root, ".dependency-cruiser.js"), "--output-type", "json", ...rooms];
  const { stdout } = await promisify(execFile)(process.execPath, args, {
    cwd: folder,
    maxBuffer: 1 << 28,
    timeout: 60_000,
  });
  return (JSON.parse(stdout) as Verdict).summary;
}

describe("the architecture", () => {
  it("holds in the whole tree", async () => {
    const summary = await judge(root, ["infra", "runtime", "policies", "local", "bench", "bin", "test"]);
    expect(summary.violations.map((v) => `${v.from} → ${v.to}: ${v.rule.name}`)).toEqual([]);
    expect(summary.totalCruised).toBeGreaterThan(100);
  }, 90_000);

  it("sees a breach, and leaves its near miss alone", async () => {
    const folder = mkdtempSync(path.join(tmpdir(), "wand-architecture-"));
    try {
      const files: Record<string, string> = {
        "tsconfig.json": "{}",
        "runtime/worker/a.ts": `import { b } from "../container/b"; import { p } from "../page/p"; export const a = [b, p];`,
        "runtime/container/b.ts": "export const b = 1;",
        "runtime/page/p.ts": "export const p = 1;",
        "policies/rule.ts": `import { c } from "../infra/config"; export const rule = c;`,
        "infra/config.ts": "export const c = 1;",
        "local/cloud/x.ts": `import { y } from "./y"; export const x = y;`,
        "local/cloud/y.ts": "export const y = 1;",
      };
      for (const [name, text] of Object.entries(files)) {
        mkdirSync(path.join(folder, path.dirname(name)), { recursive: true });
        writeFileSync(path.join(folder, name), text);
      }
      const summary = await judge(folder, ["infra", "runtime", "policies", "local"]);
      expect(summary.violations.map((v) => `${v.from} → ${v.to}`).toSorted()).toEqual([
        "policies/rule.ts → infra/config.ts",
        "runtime/worker/a.ts → runtime/container/b.ts",
      ]);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }, 60_000);
});
