import { findCloud, startCloud, type CloudConnection } from "../../local/cloud";
import { containerEngine } from "../containers";
import { complain, say } from "../display";
import { Failure } from "../failure";
import { interrupted, listenForInterrupts } from "../interrupts";
import type { ServeOptions } from "../options";

export interface CloudOptions extends ServeOptions {
  /** Says how to reach the cloud that runs, and starts none. */
  env: boolean;
}

/** `wandstore cloud`: the embedded cloud alone, and the variables that point other tools at it. */
export function cloud(options: CloudOptions): Promise<void> {
  return options.env ? printEnvironment(options.stateDir) : serve(options);
}

/** For `eval "$(wandstore cloud --env)"`: nothing else may come to stdout. */
async function printEnvironment(stateDir: string): Promise<void> {
  const running = await findCloud(stateDir);
  if (running === undefined) {
    throw new Failure("NO_CLOUD", `no embedded cloud runs on ${stateDir}: start one with "wandstore cloud"`);
  }
  for (const line of wranglerVariables(running)) say(line);
}

async function serve({ stateDir, port, apiPort, containers }: ServeOptions): Promise<void> {
  const interrupts = listenForInterrupts();
  try {
    const engine = await containerEngine(containers);
    const running = await startCloud({ stateDir, edgePort: port, apiPort, ...engine, log: complain });
    try {
      say("# wrangler");
      for (const line of wranglerVariables(running)) say(line);
      say("# the SDKs, Pulumi and Terraform take the token and the account, and this address");
      say(`export CLOUDFLARE_BASE_URL=${running.apiUrl}`);
      say(`# edge: ${running.edgeUrl}; images: ${running.registryUrl}; Ctrl-C stops it`);
      await interrupted(interrupts);
    } finally {
      await running.close();
    }
  } finally {
    interrupts.stop();
  }
}

/** What wrangler reads; its name for the address is not the one that the SDKs take. */
const wranglerVariables = ({ apiUrl, apiToken, accountId }: CloudConnection): string[] => [
  `export CLOUDFLARE_API_BASE_URL=${apiUrl}`,
  `export CLOUDFLARE_API_TOKEN=${apiToken}`,
  `export CLOUDFLARE_ACCOUNT_ID=${accountId}`,
];
