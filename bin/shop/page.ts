import { setTimeout as wait } from "node:timers/promises";
import type { StackAccount } from "../../local/deploy";
import { Failure } from "../failure";

/** A new host name of a real account has its certificate within minutes. */
const TRIES = 60;
/** The embedded cloud serves at once what was deployed; a busy machine may take long to start it. */
const LOCAL_TRIES = 3;
const EVERY_MS = 2_000;
const ANSWER_LIMIT_MS = 30_000;

/**
 * Asks for a shop's page until it is there.
 * @returns the milliseconds that the answer took, the last try's alone
 * @throws Failure NOT_HEALTHY with the last answer
 */
export async function askPage(
  edge: StackAccount["edge"],
  address: string,
  local: boolean,
  signal: AbortSignal,
): Promise<number> {
  let last = "nothing";
  for (let tried = 0; tried < (local ? LOCAL_TRIES : TRIES); tried++) {
    if (tried > 0) await wait(EVERY_MS, undefined, { signal });
    const from = performance.now();
    try {
      const { status } = await edge(address, { deadlineMs: ANSWER_LIMIT_MS, signal });
      if (status === 200) return performance.now() - from;
      last = String(status);
    } catch (error) {
      signal.throwIfAborted();
      last = (error as Error).message;
    }
  }
  throw new Failure("NOT_HEALTHY", `the shop is deployed, and its page ${address} does not answer 200: ${last}`);
}
