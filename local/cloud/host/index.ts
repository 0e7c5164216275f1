/**
 * The host: runs Workers on workerd, keeps the data of KV, D1, R2 and Durable Objects, and answers at the edge.
 */
import path from "node:path";
import { SYSTEM_CLOCK } from "../clock";
import { DockerLauncher, ProcessLauncher, startContainerEngine, type ContainerEngine, type Launcher } from "../engine";
import { d1Data, kvData, r2Data } from "./data";
import { Edge } from "./edge";
import { Groups, type GroupsOptions } from "./groups";
import { ProcessLedger } from "./process-ledger";
import { Storage } from "./storage";
import { Trials } from "./trial";
import type { Host, HostOptions } from "./types";

export { DockerEngineError } from "../engine";
export type * from "./types";

/** Longer than Cloudflare lets a Durable Object stay in memory without a call (70 to 140 s), shorter than a coffee. */
const IDLE_MS = 2 * 60_000;

/**
 * Starts the host on a folder that no other host uses. No Worker runs before it is asked for.
 * @throws Error with code EADDRINUSE where the edge's port is taken, EBUSY where a host runs on the folder
 * @throws DockerEngineError where containers are to run in a Docker engine and none answers
 */
export async function startHost(options: HostOptions): Promise<Host> {
  const { dataDir, edgePort, log, random = Math.random, onTrace = () => {} } = options;
  const { clock = SYSTEM_CLOCK, idleMs = IDLE_MS } = options;
  const ledger = await ProcessLedger.open(ledgerFile(dataDir));
  const storage = new Storage(dataDir);
  const engine = await startEngine(options, ledger).catch(async (error: unknown) => {
    await ledger.close();
    throw error;
  });
  const watch: GroupsOptions["watch"] = (start) => ledger.watch(start);
  const groups = new Groups({ storage, engine, log, watch, onTrace, clock, idleMs });
  const trials = new Trials({ clock, idleMs, log, inTurn: groups.inTurn });
  const edge = new Edge(groups, log, random);
  const close = async () => {
    await edge.close();
    await Promise.all([groups.close(), trials.close()]);
    await engine?.close();
    await ledger.close();
  };
  try {
    await edge.listen(edgePort);
  } catch (error) {
    await close();
    throw error;
  }
  return {
    edgeUrl: edge.url,
    setWorker: (declaration) => groups.setWorker(declaration),
    tryStart: (spec) => trials.run(spec),
    removeWorker: (name) => groups.removeWorker(name),
    setEdge: (routes) => edge.route(routes),
    kv: async (id) => kvData(id, () => groups.lease(`kv:${id}`)),
    d1: async (id) => d1Data(id, () => groups.lease(`d1:${id}`)),
    r2: async (name) => r2Data(name, () => groups.lease(`r2:${name}`)),
    deleteKv: (id) => groups.removeData("kv", id),
    deleteD1: (id) => groups.removeData("d1", id),
    deleteR2: (name) => groups.removeData("r2", name),
    durableObjects: (namespaceId) => storage.durableObjects(namespaceId),
    instances: (namespaceId) => engine?.running(namespaceId) ?? [],
    setPool: (namespaceId, pool) => engine?.setPool(namespaceId, pool),
    outdatedInstances: (namespaceId) => engine?.outdated(namespaceId) ?? [],
    replaceInstances: async (namespaceId, before) => engine?.replaceOutdated(namespaceId, before),
    trace: (on) => groups.trace(on),
    runScheduled: (name, cron, at) => groups.runScheduled(name, cron, at),
    close,
  };
}

/** The process that runs a host on a folder; undefined where none does. */
export const hostProcess = (dataDir: string): number | undefined => ProcessLedger.owner(ledgerFile(dataDir));

const ledgerFile = (dataDir: string): string => path.join(dataDir, "processes.json");

/** The container engine; none on Windows, where workerd has no unix sockets. */
async function startEngine(options: HostOptions, ledger: ProcessLedger): Promise<ContainerEngine | undefined> {
  if (process.platform === "win32") return undefined;
  const { dataDir, log } = options;
  return startContainerEngine({ socketDir: dataDir, log, launcher: await startLauncher(options, ledger) });
}

async function startLauncher({ dataDir, docker, log }: HostOptions, ledger: ProcessLedger): Promise<Launcher> {
  if (docker === undefined) return new ProcessLauncher((child) => ledger.track(child));
  return DockerLauncher.connect({ ...docker, owner: path.resolve(dataDir), log });
}
