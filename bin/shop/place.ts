import type { StackEngine } from "../../infra/fleet/engine";
import { FleetError } from "../../infra/fleet/errors";
import type { CloudConnection } from "../../local/cloud";
import { findCloud } from "../../local/cloud/find";
import { stackAccount, type OnEvent, type StackAccount } from "../../local/deploy";
import { PROJECT_DIR } from "../options";
import { onPath } from "../pulumi";
import { withSession } from "../session";
import { automation } from "./automation";
import { embeddedStackEngine } from "./embedded";
import type { ShopOptions } from "./options";

/** Where shops are deployed, for the time of a command. */
export interface ShopPlace {
  readonly engine: StackEngine;
  /** Only with `--local`. */
  readonly cloud?: CloudConnection;
  /** Whether the addresses there answer when the command has ended. */
  readonly stays: boolean;
  /** The account of a shop's stack. @throws DeployError ACCOUNT_UNKNOWN */
  accountOf(stack: string): Promise<StackAccount>;
}

export interface Watching {
  /** What the embedded deployment does. */
  readonly onEvent?: OnEvent;
  /** What the Pulumi CLI prints. */
  readonly onOutput?: (text: string) => void;
}

/**
 * Runs something where shops are: in the embedded cloud with `--local`, else in a real account by the Pulumi CLI.
 * @throws FleetError NO_PULUMI where there is no CLI
 */
export async function withShopPlace<T>(
  { local, stateDir, apiPort }: ShopOptions,
  watching: Watching,
  work: (place: ShopPlace) => Promise<T>,
): Promise<T> {
  if (!local) return work(realPlace(watching));
  const stays = (await findCloud(stateDir)) !== undefined;
  return withSession(stateDir, apiPort, (cloud) => {
    const engine = embeddedStackEngine({ cloud, stateDir, ...(watching.onEvent && { onEvent: watching.onEvent }) });
    return work({ engine, cloud, stays, accountOf: (stack) => answering(stack, cloud) });
  });
}

function realPlace({ onOutput }: Watching): ShopPlace {
  if (onPath("pulumi") === undefined) {
    throw new FleetError(
      "NO_PULUMI",
      "a shop in a real account takes the Pulumi CLI, and there is no pulumi command on the PATH: install it " +
        "(https://www.pulumi.com/docs/install), or add --local for the embedded cloud",
    );
  }
  return {
    engine: automation().automationEngine({ projectDir: PROJECT_DIR, edgeOf, ...(onOutput && { onOutput }) }),
    stays: true,
    accountOf: (stack) => answering(stack),
  };
}

const edgeOf = async (stack: string): Promise<StackAccount["edge"]> => (await answering(stack)).edge;

/** The account of a stack; one that is not Cloudflare's own has named its edge, which any answer of its API does. */
async function answering(stack: string, cloud?: CloudConnection): Promise<StackAccount> {
  const account = stackAccount({ projectDir: PROJECT_DIR, stack, env: process.env, ...(cloud && { cloud }) });
  await account.api("GET", "/user/tokens/verify").catch(() => {});
  return account;
}
