import { execFile, spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";

/** Whether a Docker command does what it should, in time. */
const works = (...args: string[]): boolean =>
  spawnSync("docker", args, { timeout: 20_000, stdio: "ignore" }).status === 0;
/** Whether a Docker engine answers here. */
export const ENGINE = works("info");
/** A client that has no BuildKit builds in the old way, and has to be told. */
const LEGACY = ENGINE && !works("buildx", "version");
const ENVIRONMENT = { ...process.env, ...(LEGACY && { DOCKER_BUILDKIT: "0" }) };

/** Runs one command of the client; gives what it printed. @throws Error with what it said on standard error. */
export async function docker(args: readonly string[], deadlineMs?: number): Promise<string> {
  return (await run(args, deadlineMs)).stdout.trim();
}

/** Builds with nothing to download: neither stage may need it. */
export async function dockerBuild(name: string, contextDir: string, args: readonly string[] = []): Promise<void> {
  const leaveNothing = LEGACY ? ["--force-rm"] : [];
  await run(["build", "--network", "none", ...leaveNothing, ...args, "-t", name, contextDir], 180_000);
}

/** What a container has written, both ways. */
export async function dockerLogs(container: string): Promise<{ stdout: string; stderr: string }> {
  return run(["logs", container]);
}

async function run(args: readonly string[], deadlineMs = 30_000): Promise<{ stdout: string; stderr: string }> {
  const options = { env: ENVIRONMENT, timeout: deadlineMs, maxBuffer: 1 << 26 };
  return promisify(execFile)("docker", args, options);
}

/** As root's shell and `chmod` of the pinned base, for the machine that cannot pull it. */
const PROGRAMS = ["/bin/sh", "/bin/chmod"];

/**
 * The name of an image to build on: the pinned one where the engine has it or can pull it; else, on Linux, one that is made
 * of this machine's Node, shell and libraries.
 */
export async function baseImage(pinned: string, localName: string): Promise<string> {
  try {
    await docker(["image", "inspect", pinned]).catch(() => docker(["pull", "-q", pinned], 180_000));
    return pinned;
  } catch (error) {
    if (process.platform !== "linux") throw error;
  }
  return localBase(localName);
}

/** An image of this machine's Node, shell and libraries, for Linux; gives its name. */
export async function localBase(localName: string): Promise<string> {
  const folder = mkdtempSync(path.join(tmpdir(), "wand-base-"));
  try {
    const root = path.join(folder, "root");
    put(root, realpathSync(process.execPath), "/usr/local/bin/node");
    for (const program of PROGRAMS) put(root, realpathSync(program), program);
    for (const library of [process.execPath, ...PROGRAMS].flatMap(librariesOf))
      put(root, realpathSync(library), library);
    for (const made of ["/etc", "/tmp"]) mkdirSync(path.join(root, made), { recursive: true });
    writeFileSync(path.join(root, "etc/passwd"), "root:x:0:0::/:/bin/sh\nnode:x:1000:1000::/tmp:/bin/sh\n");
    const lines = ["FROM scratch", "COPY root/ /", "ENV PATH=/usr/local/bin:/bin", 'RUN ["chmod", "1777", "/tmp"]'];
    writeFileSync(path.join(folder, "Dockerfile"), `${lines.join("\n")}\n`);
    await dockerBuild(localName, folder);
    return localName;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The shared libraries of a program and its loader, as `ldd` names them. */
function librariesOf(program: string): string[] {
  const { stdout } = spawnSync("ldd", [program], { encoding: "utf8" });
  return [...stdout.matchAll(/(?:^|\s)(\/\S+) \(0x/g)].map((match) => match[1]!);
}

function put(root: string, file: string, place: string): void {
  mkdirSync(path.join(root, path.dirname(place)), { recursive: true });
  copyFileSync(file, path.join(root, place));
}
