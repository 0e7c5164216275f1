import { execFile } from "node:child_process";
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { parseSettings, type Settings } from "../../../infra/config";
import { offlineConfig } from "../../../local/deploy";
import { PROJECT_DIR } from "../../options";

const GIT_LIMIT_MS = 30_000;

/** The settings of a stack as its file says; secrets are not opened. @throws ConfigError, DeployError */
export function settingsIn(projectDir: string, stack: string): Settings {
  const { values, secretKeys } = offlineConfig(projectDir, stack, process.env);
  return parseSettings(values, process.env, (key) => secretKeys.includes(key));
}

/** A stack's settings at a commit: `none` where it had no such stack, or why its file cannot be read. */
export type Former = { settings: Settings } | { none: true } | { unreadable: string };

/** What the stack's file said at a commit, read by the code of this checkout. */
export async function settingsAt(commit: string, stack: string): Promise<Former> {
  const name = `Pulumi.${stack}.yaml`;
  const folder = mkdtempSync(path.join(tmpdir(), "wandstore-ci-"));
  try {
    const git = (...args: string[]) =>
      promisify(execFile)("git", args, { cwd: PROJECT_DIR, timeout: GIT_LIMIT_MS, maxBuffer: 1 << 24 });
    const { stdout: listed } = await git("ls-tree", "--name-only", commit, "--", name);
    if (listed.trim() === "") return { none: true };
    const { stdout: text } = await git("show", `${commit}:./${name}`);
    copyFileSync(path.join(PROJECT_DIR, "Pulumi.yaml"), path.join(folder, "Pulumi.yaml"));
    writeFileSync(path.join(folder, name), text);
    return { settings: settingsIn(folder, stack) };
  } catch (error) {
    return { unreadable: (error as Error).message.split("\n")[0]!.replaceAll(`${folder}/`, "") };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
