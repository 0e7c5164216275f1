import { execFileSync } from "node:child_process";

interface Process {
  pid: number;
  parent: number;
  command: string;
}

/** The processes below one, its children's children too. */
export function descendantsOf(pid: number): Process[] {
  const lines = execFileSync("ps", ["-A", "-o", "pid=,ppid=,command="], { encoding: "utf8" }).trim().split("\n");
  const all = lines.map((line): Process => {
    const [, own, parent, command = ""] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? [];
    return { pid: Number(own), parent: Number(parent), command };
  });
  const found = new Set([pid]);
  for (const one of found) for (const child of all) if (child.parent === one) found.add(child.pid);
  return all.filter((one) => found.has(one.pid) && one.pid !== pid);
}
