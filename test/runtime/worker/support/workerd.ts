import { execFileSync } from "node:child_process";

/** Ends this process's workerd with SIGKILL, as a power cut would. */
export function killWorkerd(): void {
  const listed = execFileSync("pgrep", ["-P", String(process.pid), "workerd"], { encoding: "utf8" });
  for (const pid of listed.trim().split(/\s+/)) process.kill(Number(pid), "SIGKILL");
}
