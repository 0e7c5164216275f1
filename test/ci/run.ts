import { execFile } from "node:child_process";
import path from "node:path";

export interface Ran {
  code: number;
  stdout: string;
  stderr: string;
}

/** Variables that would make a step believe it runs somewhere else. */
const FOREIGN = /^(GITHUB|CLOUDFLARE|PULUMI|KIMI|CLAUDE|LLM|JEST|WANDSTORE)_/;

/** Runs a step as `npm run ci:…` does, in a project's folder. */
export function ciIn(project: string, args: readonly string[], env: Record<string, string> = {}): Promise<Ran> {
  const clean = Object.fromEntries(Object.entries(process.env).filter(([name]) => !FOREIGN.test(name)));
  return new Promise((resolve) => {
    const all = [path.join(project, "bin/ci.js"), ...args];
    const options = { cwd: project, env: { ...clean, ...env }, timeout: 400_000, maxBuffer: 1 << 26 };
    execFile(process.execPath, all, options, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : typeof error.code === "number" ? error.code : -1, stdout, stderr });
    });
  });
}
