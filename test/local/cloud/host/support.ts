import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { request } from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";
import { startHost, type Host, type HostOptions, type WorkerSpec } from "../../../../local/cloud/host";

/** A folder of its own for a test file's hosts and modules. */
export class HostFolder {
  readonly lines: string[] = [];
  readonly #hosts: Host[] = [];
  #versions = 0;

  private constructor(readonly dir: string) {}

  static async create(): Promise<HostFolder> {
    return new HostFolder(await mkdtemp(path.join(tmpdir(), "host-test-")));
  }

  get dataDir(): string {
    return path.join(this.dir, "data");
  }

  async start(options: Partial<HostOptions> = {}): Promise<Host> {
    const log = (line: string) => this.lines.push(line);
    const host = await startHost({ dataDir: this.dataDir, edgePort: 0, log, ...options });
    this.#hosts.push(host);
    return host;
  }

  /** How many processes the hosts of this folder have; a container's is one of them. */
  async processes(): Promise<number> {
    const { children } = JSON.parse(await readFile(path.join(this.dataDir, "processes.json"), "utf8"));
    return (children as unknown[]).length;
  }

  /** A Worker of one ES module, answering for `{name}.localhost`. */
  async worker(name: string, source: string, more: Partial<WorkerSpec> = {}): Promise<WorkerSpec> {
    const versionId = `version-${++this.#versions}`;
    const file = path.join(this.dir, `${versionId}.js`);
    await writeFile(file, source);
    return {
      name,
      workerId: `id-of-${name}`,
      versionId,
      mainModule: "index.js",
      modules: [{ name: "index.js", type: "esm", path: file }],
      compatibilityDate: "2026-07-01",
      compatibilityFlags: ["nodejs_compat"],
      bindings: [],
      durableObjects: [],
      ...more,
    };
  }

  async remove(): Promise<void> {
    await Promise.all(this.#hosts.map((host) => host.close()));
    await rm(this.dir, { recursive: true, force: true });
  }
}

export interface EdgeAnswer {
  status: number;
  text: string;
  headers: Record<string, string | string[] | undefined>;
}

/** GET at the edge with a Host of one's own, which `fetch` does not allow; `target` is asked for in place of the route's path. */
export function get(
  host: Host,
  hostname: string,
  route = "/",
  headers: Record<string, string> = {},
  target?: string,
): Promise<EdgeAnswer> {
  return new Promise((resolve, reject) => {
    const options = {
      headers: { ...headers, host: hostname },
      agent: false,
      ...(target !== undefined && { path: target }),
    };
    const call = request(new URL(route, host.edgeUrl), options);
    call.once("error", reject).once("response", (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
      response.once("error", reject);
      response.once("end", () => resolve({ status: response.statusCode ?? 0, text, headers: response.headers }));
    });
    call.end();
  });
}

/** Routes each Worker by `{name}.localhost`. */
export function edgeTable(...names: string[]) {
  return { workers: names.map((name) => ({ name, hosts: [`${name}.localhost`] })), defaultWorker: names[0] };
}
