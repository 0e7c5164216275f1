import { chmodSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** One run of the command. */
export interface DockerCall {
  readonly args: string[];
  /** What it found in its environment. */
  readonly env: Record<string, string>;
  /** The folder given with `--config`, as it was then: its mode, and mode and content of the file in it. */
  readonly config?: {
    readonly folder: string;
    readonly mode: string;
    readonly fileMode: string;
    readonly content: unknown;
  };
}

export interface FakeDocker {
  /** The environment in which `docker` is the fake one. */
  env(more?: Record<string, string>): NodeJS.ProcessEnv;
  calls(): DockerCall[];
}

/**
 * A command `docker` in a folder of its own: it notes how it is called, and its `push` sends a small image to the registry,
 * with the credentials in the config folder, as the real one does. `FAKE_DOCKER` in its environment says what goes wrong.
 */
export function fakeDocker(): FakeDocker {
  const folder = mkdtempSync(join(tmpdir(), "fake-docker-"));
  const log = join(folder, "calls.jsonl");
  writeFileSync(log, "");
  writeFileSync(join(folder, "docker"), `#!${process.execPath}\n(${script.toString()})(${JSON.stringify(log)});\n`);
  chmodSync(join(folder, "docker"), 0o755);
  return {
    env: (more = {}) => ({ PATH: folder, ...more }),
    calls: () =>
      readFileSync(log, "utf8")
        .split("\n")
        .filter((line) => line !== "")
        .map((line) => JSON.parse(line) as DockerCall),
  };
}

/** The command itself: its text is the script, so it uses nothing from around it. */
async function script(log: string): Promise<void> {
  /* oxlint-disable typescript/no-require-imports, typescript/consistent-type-imports -- a script of its own */
  const { appendFileSync, readFileSync: read, statSync } = require("node:fs") as typeof import("node:fs");
  const { createHash } = require("node:crypto") as typeof import("node:crypto");
  const { env, argv } = process;
  const args = argv.slice(2);
  const mode = (path: string): string => (statSync(path).mode & 0o777).toString(8);
  const config = args[0] === "--config" ? (args[1] as string) : undefined;
  const file = `${config}/config.json`;
  const content = config && (JSON.parse(read(file, "utf8")) as { auths: Record<string, { auth: string }> });
  const seen = ["DOCKER_HOST", "DOCKER_CONTEXT", "DOCKER_CERT_PATH", "DOCKER_TLS_VERIFY", "DOCKER_CONFIG"];
  const call = {
    args,
    env: Object.fromEntries(seen.filter((name) => env[name] !== undefined).map((name) => [name, env[name]])),
    ...(config && { config: { folder: config, mode: mode(config), fileMode: mode(file), content } }),
  };
  appendFileSync(log, `${JSON.stringify(call)}\n`);

  const fails = env["FAKE_DOCKER"] ?? "";
  const [command = "", second = ""] = config ? args.slice(2) : args;
  if (command === fails || `${command} ${second}` === fails) {
    const auth = content ? (Object.values(content.auths)[0]?.auth ?? "") : "";
    const password = Buffer.from(auth, "base64").toString().split(":")[1];
    process.stderr.write(`denied: ${auth} is ${password}`);
    process.exit(1);
  }
  if (command === "push" && fails === "hang") return void setInterval(() => {}, 1000);
  if (command === "context") {
    const given = env["FAKE_DOCKER_CONTEXT"];
    const host = env["DOCKER_HOST"] ?? "unix:///var/run/docker.sock";
    const storage = { TLSPath: "<IN MEMORY>" };
    const fallback = [{ Name: "default", Endpoints: { docker: { Host: host } }, TLSMaterial: {}, Storage: storage }];
    process.stdout.write(given ?? JSON.stringify(fallback));
  }
  if (command !== "push") return;

  const [, host = "", repository = "", tag = ""] = /^([^/]+)\/(.+):([^:]+)$/.exec(second) ?? [];
  const auth = content ? content.auths[host]?.auth : undefined;
  const sha256 = (bytes: Buffer): string => `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
  const ask = async (method: string, url: string, body?: Buffer, type = "application/octet-stream") => {
    const headers = { authorization: `Basic ${auth}`, "content-type": type };
    const answer = await fetch(new URL(url, `http://${host}`), {
      method,
      headers,
      ...(body && { body: new Uint8Array(body) }),
    });
    if (answer.ok) return answer;
    process.stderr.write(`${answer.status} ${await answer.text()}`);
    return process.exit(1);
  };
  const bytes = Buffer.from(JSON.stringify({ architecture: "amd64", os: "linux", config: {} }));
  const begun = await ask("POST", `/v2/${repository}/blobs/uploads/`);
  await ask("PUT", `${begun.headers.get("location")}?digest=${sha256(bytes)}`, bytes);
  const mediaType = "application/vnd.docker.distribution.manifest.v2+json";
  const configType = "application/vnd.docker.container.image.v1+json";
  const description = { mediaType: configType, digest: sha256(bytes), size: bytes.length };
  const manifest = Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType, config: description, layers: [] }));
  await ask("PUT", `/v2/${repository}/manifests/${tag}`, manifest, mediaType);
  process.stdout.write(`The push refers to repository [${host}/${repository}]\n`);
  if (fails !== "silent") process.stdout.write(`${tag}: digest: ${sha256(manifest)} size: ${manifest.length}\n`);
}
