import { execFile } from "node:child_process";
import path from "node:path";
import { promisify } from "node:util";

const ROOT = path.resolve(__dirname, "../../../..");

describe("a program that throws", () => {
  let ends: Record<string, { end: { code: string; message: string }; calls: string[] }>;
  beforeAll(async () => {
    const [loader, script] = [path.join(ROOT, "bin/typescript.js"), path.join(__dirname, "throwing.ts")];
    const load = `require(${JSON.stringify(loader)}).loadTypeScript(); require(${JSON.stringify(script)})`;
    const args = ["--eval", load];
    const { stdout } = await promisify(execFile)(process.execPath, args, { timeout: 60_000 });
    ends = JSON.parse(stdout) as typeof ends;
  }, 70_000);

  it.each([
    ["atOnce", "pool.size: found 99"],
    ["inApply", "thrown in an apply"],
    ["inApplyOfAResource", "too late"],
    ["withoutAnError", "a mere text"],
  ])("%s ends its run with one error, and nothing was made", (name, message) => {
    expect(ends[name]!.end.code).toBe("PROGRAM_FAILED");
    expect(ends[name]!.end.message).toContain(message);
    expect(ends[name]!.calls).toEqual([]);
  });

  it("leaves the process able to run the next one", () => {
    expect(ends.afterwards).toBe(2);
  });
});
