import { startCloud } from "../../local/cloud";
import { complain, say } from "../display";
import { interrupted, listenForInterrupts } from "../interrupts";
import type { ServeOptions } from "../options";

/** `wandstore cloud`: the embedded cloud alone, and the variables that point other tools at it. */
export async function cloud({ stateDir, port, apiPort }: ServeOptions): Promise<void> {
  const interrupts = listenForInterrupts();
  try {
    const running = await startCloud({ stateDir, edgePort: port, apiPort, log: complain });
    try {
      say(`export CLOUDFLARE_BASE_URL=${running.apiUrl}`); // Cloudflare's SDK, its Pulumi provider and ours
      say(`export CLOUDFLARE_API_BASE_URL=${running.apiUrl}`); // wrangler
      say(`export CLOUDFLARE_ACCOUNT_ID=${running.accountId}`);
      say(`export CLOUDFLARE_API_TOKEN=${running.apiToken}`);
      say(`# edge: ${running.edgeUrl}; Ctrl-C stops it`);
      await interrupted(interrupts);
    } finally {
      await running.close();
    }
  } finally {
    interrupts.stop();
  }
}
