/** An embedded Cloudflare account: API v4, image registry and edge on loopback, with its state in a folder. */
import { API_PATH, createApp } from "./api/app";
import { tailUpgrade } from "./api/workers/tailSocket";
import { SYSTEM_CLOCK, type Clock } from "./clock";
import { Rollouts } from "./containers/rollouts";
import { Faults } from "./faults";
import { DockerEngineError, hostProcess, startHost, type Host, type HostOptions, type TraceEvent } from "./host";
import { listen, LOOPBACK, namingThePort, type Listening } from "./listen";
import { RegistryCredentials } from "./registry/credentials";
import { ImageStore } from "./registry/images";
import { removeRunning, writeRunning, type CloudConnection } from "./running";
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

import { CloudError } from "./cloudError";

export { CloudError, type CloudErrorCode } from "./cloudError";
export { findCloud } from "./find";
export type { CloudConnection } from "./running";

export interface CloudOptions {
  /** The cloud keeps everything under `${stateDir}/cloud`. */
  stateDir: string;
  /** Port of the API and the registry; 0 takes any free one. */
  apiPort: number;
  /** Port of the edge; 0 takes any free one. */
  edgePort: number;
  /** Runs containers in the Docker engine behind this unix socket; where it is absent they are processes of this machine. */
  docker?: { socketPath: string };
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

/**
 * Starts the embedded cloud on a state folder, with everything that was deployed in it.
 * @throws {CloudError} STATE_IN_USE, PORT_IN_USE, STATE_UNREADABLE, NO_DOCKER
 */
export async function startCloud(options: CloudOptions): Promise<Cloud> {
  const {
    stateDir,
    apiPort,
    edgePort,
    bareWorker,
    docker,
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
    const hostOptions: HostOptions = {
      dataDir: folder.data,
      edgePort,
      log,
      random,
      onTrace,
      ...(docker && { docker }),
    };
    host = await namingThePort(edgePort, "--port", () => startHost(hostOptions)).catch(withoutDocker);
    const packed = docker !== undefined;
    const opened = (services = openServices(folder, store, host, {
      log,
      clock,
      apiAddress,
      random,
      bareWorker,
      packed,
    }));
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

/** @throws {CloudError} NO_DOCKER for what the engine said; anything else as it is */
function withoutDocker(error: unknown): never {
  if (!(error instanceof DockerEngineError)) throw error;
  throw new CloudError("NO_DOCKER", error.message, { cause: error });
}

type Outside = Pick<Services, "apiAddress" | "log"> & {
  clock: Clock;
  random: () => number;
  bareWorker: string | undefined;
  /** Whether images stay as they were pushed, for a Docker engine. */
  packed: boolean;
};

function openServices(folder: StateFolder, store: DocumentStore, host: Host, outside: Outside): Services {
  const { log, clock, apiAddress, random, bareWorker, packed } = outside;
  const { now } = clock;
  const state = openState(store);
  const account = openAccount(store, now());
  openZones(state, now());
  const apiToken = openToken(folder);
  const modules = new BlobStore(folder.modules);
  const registry = new BlobStore(folder.registry);
  const images = new ImageStore({ folder: folder.images, blobs: registry, state, accountId: account.id, packed });
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
