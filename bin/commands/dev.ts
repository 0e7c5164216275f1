import { assertEmbedded, workerOfStack } from "../../local/deploy";
import { startCloud } from "../../local/cloud";
import { containerEngine } from "../containers";
import { complain, say } from "../display";
import { Failure } from "../failure";
import { interrupted, listenForInterrupts } from "../interrupts";
import { PROJECT_DIR, type ServeOptions } from "../options";
import { deployShowing, showResult } from "./operate";

const STACK = "dev";

export interface DevOptions extends ServeOptions {
  /** False with `--no-serve`. */
  serve: boolean;
}

/** `wandstore dev`, which `npm start` runs: the cloud, the stack dev in it, and then it serves until it is stopped. */
export async function dev(options: DevOptions): Promise<void> {
  const { stateDir, port, apiPort, containers, serve } = options;
  assertEmbedded(PROJECT_DIR, STACK);
  const interrupts = listenForInterrupts();
  try {
    // Shops that were deployed before have addresses of their own.
    const bareWorker = workerOfStack(PROJECT_DIR, STACK);
    const engine = await containerEngine(containers);
    const cloud = await startCloud({ stateDir, edgePort: port, apiPort, bareWorker, ...engine, log: complain });
    try {
      say(`Embedded cloud: edge ${cloud.edgeUrl}, API ${cloud.apiUrl}, state ${stateDir}`);
      const result = await deployShowing("up", STACK, stateDir, cloud, interrupts.signal);
      showResult(result);
      await awaken(cloud.edgeUrl);
      say(`Storefront: ${String(result.outputs.defaultStorefront)}`);
      if (!serve) return;
      say("Serving; Ctrl-C stops everything and loses nothing.");
      await interrupted(interrupts);
      say("Stopping …");
    } finally {
      await cloud.close();
    }
  } finally {
    interrupts.stop();
  }
}

/** Longest that a Worker may take to start on a busy machine. */
const AWAKEN_LIMIT_MS = 30_000;

/**
 * Starts the shops' Worker, which the cloud would do at the first request: the first shopper waits for nothing, jobs that
 * an earlier run left in the queue go on, and a Worker that cannot start is noticed here.
 */
async function awaken(edgeUrl: string): Promise<void> {
  const response = await fetch(`${edgeUrl}/health`, { signal: AbortSignal.timeout(AWAKEN_LIMIT_MS) });
  const body = await response.text();
  if (response.ok) return;
  throw new Failure(
    "NOT_HEALTHY",
    `the deployed Worker answers /health with ${response.status}: ${body.slice(0, 500)}`,
  );
}
