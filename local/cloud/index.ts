/** An embedded Cloudflare account: API v4, image registry and edge on loopback, with its state in a folder. */
import { API_PATH, createApp } from "./api/app";
import { tailUpgrade } from "./api/workers/tailSocket";
import { SYSTEM_CLOCK, type Clock } from "./clock";
import { Rollouts } from "./containers/rollouts";
import { Faults } from "./faults";
import { hostProcess, startHost, type Host, type TraceEvent } from "./host";
import { listen, LOOPBACK, namingThePort, type Listening } from "./listen";
import { RegistryCredentials } from "./registry/credentials";
import { ImageStore } from "./registry/images";
import { readRunning, removeRunning, writeRunning, type CloudConnection } from "./running";
import type { Services } from "./services";
import { SignedFiles } from "./signedFiles";
import { openAccount, openToken, saveAccount } from "./state/account";
import { BlobStore } from "./state/blobs";
import { DocumentStore } from "./state/documents";
import { createFolders, stateFolder, type StateFolder } from "./state/folder";
import { removeLeftovers } from "./state/leftovers";
import { openState } from "./state/model";
import { openZones } from "./state/zones";
import { SecretBox } from "./state/secretBox";
import { Releases } from "./workers/releases";
import { Schedules } from "./workers/schedules";
import { Tails } from "./workers/tails";

export { CloudError, type CloudErrorCode } from "./cloudError";
export type { CloudConnection } from "./running";

export interface CloudOptions {
  /** The cloud keeps everything under `${stateDir}/cloud`. */
  stateDir: string;
  /** Port of the API and the registry; 0 takes any free one. */
  apiPort: number;
  /** Port of the edge; 0 takes any free one. */
  edgePort: number;
  /** The Worker that answers at the edge's bare address once it is deployed; else the one that was made first. */
  bareWorker?: string;
  log?: (line: string) => void;
  /** Time, for tests that do not wait for it. */
  clock?: Clock;
  /** From 0 to 1, as `Math.random`: which version of a Worker a request goes to. */
  random?: () => number;
}

export interface Cloud extends CloudConnection {
  /** Stops everything; what was deployed is found again at the next start. */
  close(): Promise<void>;
}

/** Longest wait for a cloud that is said to run: it is on this machine, so it answers at once or hangs. */
const FIND_DEADLINE_MS = 2_000;

/**
 * Starts the embedded cloud on a state folder, with everything that was deployed in it.
 * @throws {CloudError} STATE_IN_USE, PORT_IN_USE, STATE_UNREADABLE
 */
export async function startCloud(options: CloudOptions): Promise<Cloud> {
  const {
    stateDir,
    apiPort,
    edgePort,
    bareWorker,
    log = () => {},
    clock = SYSTEM_CLOCK,
    random = Math.random,
  } = options;
  const folder = stateFolder(stateDir);
  createFolders(folder);
  const store = DocumentStore.open(folder.metadata, { holder: () => hostProcess(folder.data) });
  let host: Host | undefined;
  let api: Listening | undefined;
  let services: Services | undefined;
  const apiAddress = (): string => `${LOOPBACK}:${api?.port}`;
  try {
    const onTrace = (event: TraceEvent): void => services?.tails.tell(event);
    const { data: dataDir } = folder;
    host = await namingThePort(edgePort, "--port", () => startHost({ dataDir, edgePort, log, random, onTrace }));
    const opened = (services = openServices(folder, store, host, { log, clock, apiAddress, random, bareWorker }));
    const app = createApp(services);
    await removeLeftovers(services.state, host);
    await services.releases.declareAll();
    services.rollouts.resume();
    api = await namingThePort(apiPort, "--api-port", () => listen(app, apiPort, tailUpgrade(opened.tails)));
    services.schedules.start();
    const origin = `http://${apiAddress()}`;
    const connection: CloudConnection = {
      apiUrl: origin + API_PATH,
      edgeUrl: host.edgeUrl,
      registryUrl: origin,
      accountId: services.account.id,
      apiToken: services.apiToken,
    };
    writeRunning(folder, connection);
    let closing: Promise<void> | undefined;
    return { ...connection, close: () => (closing ??= stop({ folder, store, host, api, services })) };
  } catch (error) {
    await stop({ store, host, api, services });
    throw error;
  }
}

/** The cloud that runs on a state folder, seen to answer for it; undefined where none does. */
export async function findCloud(stateDir: string): Promise<CloudConnection | undefined> {
  const connection = readRunning(stateFolder(stateDir));
  if (!connection) return undefined;
  try {
    const answer = await fetch(`${connection.apiUrl}/user/tokens/verify`, {
      headers: { authorization: `Bearer ${connection.apiToken}` },
      signal: AbortSignal.timeout(FIND_DEADLINE_MS),
    });
    return answer.ok ? connection : undefined;
  } catch {
    return undefined; // the note is of a cloud that ended without removing it
  }
}

type Outside = Pick<Services, "apiAddress" | "log"> & {
  clock: Clock;
  random: () => number;
  bareWorker: string | undefined;
};

function openServices(folder: StateFolder, store: DocumentStore, host: Host, outside: Outside): Services {
  const { log, clock, apiAddress, random, bareWorker } = outside;
  const { now } = clock;
  const state = openState(store);
  const account = openAccount(store, now());
  openZones(state, now());
  const apiToken = openToken(folder);
  const modules = new BlobStore(folder.modules);
  const registry = new BlobStore(folder.registry);
  const images = new ImageStore(folder.images, registry, state, account.id);
  const secrets = SecretBox.fromFile(folder.key);
  const workersSubdomain = () => account.workersSubdomain;
  const releases = new Releases({ state, host, modules, images, secrets, workersSubdomain, bareWorker, now, log });
  return {
    account,
    saveAccount: (changed) => saveAccount(store, changed),
    apiToken,
    state,
    modules,
    snapshots: new BlobStore(folder.snapshots),
    registry,
    images,
    credentials: new RegistryCredentials(apiToken, now),
    secrets,
    host,
    apiAddress,
    signedFiles: new SignedFiles(now, apiAddress),
    faults: new Faults(clock, (writes) => store.crashAfter(writes)),
    releases,
    rollouts: new Rollouts({ state, host, images, releases, clock, log }),
    schedules: new Schedules({ state, host, modules, clock, log }),
    tails: new Tails({ state, host, clock, random }),
    now,
    log,
  };
}

interface Running {
  folder?: StateFolder;
  store: DocumentStore;
  host: Host | undefined;
  api: Listening | undefined;
  services: Services | undefined;
}

/** Takes down what is up, in the order in which requests come in; the lock on the state goes last. */
async function stop({ folder, store, host, api, services }: Running): Promise<void> {
  if (folder) removeRunning(folder);
  try {
    services?.tails.close();
    await api?.close();
    await services?.schedules.close();
    await services?.rollouts.close();
    await host?.close();
  } finally {
    store.close();
  }
}
