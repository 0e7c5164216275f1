import { assertEmbedded } from "../../local/deploy";
import { startCloud } from "../../local/cloud";
import { complain, say } from "../display";
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
  const { stateDir, port, apiPort, serve } = options;
  assertEmbedded(PROJECT_DIR, STACK);
  const interrupts = listenForInterrupts();
  try {
    const cloud = await startCloud({ stateDir, edgePort: port, apiPort, log: complain });
    try {
      say(`Embedded cloud: edge ${cloud.edgeUrl}, API ${cloud.apiUrl}, state ${stateDir}`);
      const result = await deployShowing("up", STACK, stateDir, cloud, interrupts.signal);
      showResult(result);
      const [storefront] = Object.values((result.outputs.storefronts ?? {}) as Record<string, string>);
      say(`Storefront: ${storefront ?? cloud.edgeUrl}`);
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
