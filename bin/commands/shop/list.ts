import { outputsOf } from "../../../infra/fleet/outputs";
import { removeUnfinished } from "../../../infra/fleet/write";
import { lastDeployments, readOutputs } from "../../../local/deploy";
import { complain, say } from "../../display";
import { shopLines } from "../../display/shop";
import { PROJECT_DIR } from "../../options";
import { automation } from "../../shop/automation";
import type { ShopOptions } from "../../shop/options";
import { shopRows, type Deployed } from "../../shop/rows";

/** `wandstore shop list`: what each shop is, and whether what is deployed is what its files say. */
export async function list({ local, stateDir, json }: ShopOptions): Promise<void> {
  removeUnfinished(PROJECT_DIR);
  const rows = await shopRows(PROJECT_DIR, local ? embedded(stateDir) : await real());
  if (json) return say(JSON.stringify({ shops: rows }, null, 2));
  if (rows.length === 0) return say('No shop is a stack of its own yet: "wandstore shop create" makes one.');
  for (const line of shopLines(rows)) say(line);
  for (const { slug, problem } of rows) if (problem !== undefined) complain(`${slug}: ${problem}`);
}

/** From the states: no cloud has to run. */
const embedded = (stateDir: string): Deployed => ({
  lastUpdates: lastDeployments(stateDir),
  outputs: async (stack) => outputsOf(readOutputs({ projectDir: PROJECT_DIR, stateDir, stack, showSecrets: false })),
});

const noEdge = (): Promise<never> => Promise.reject(new Error("a list asks no Worker"));

async function real(): Promise<Deployed> {
  const { automationEngine, lastUpdates } = automation();
  const { outputs } = automationEngine({ projectDir: PROJECT_DIR, edgeOf: noEdge });
  return { lastUpdates: await lastUpdates(PROJECT_DIR), outputs };
}
