import { setTimeout as wait } from "node:timers/promises";
import type { ImagePin, StackOutputs } from "../../../infra/fleet/engine";
import { checkPromoted, imageToPromote } from "../../../infra/fleet/promote";
import { StackFile } from "../../../local/deploy";
import { Failure } from "../../failure";
import { PROJECT_DIR } from "../../options";
import { code } from "../comment/markdown";
import { deployEngine, type Where } from "../engines/choose";
import type { Engine, Health } from "../engines/engine";
import { addSummary, setOutput } from "../github/actions";

export interface DeployOptions extends Where {
  stack: string;
}
export interface PromoteOptions extends Where {
  from: string;
  to: string;
  release?: string;
}

/** A new host name has its certificate within minutes. */
const HEALTH = { tries: 30, everyMs: 10_000 };

/** `npm run ci:deploy`: deploys a stack and tells what it released: the outputs `release` and `digest`. */
export async function deploy(options: DeployOptions): Promise<void> {
  const engine = deployEngine(options, options.stack);
  await release(engine, options.stack, undefined);
}

/**
 * `npm run ci:promote`: deploys a stack with the image that another one runs and has verified; nothing is built.
 * @throws NOT_PROMOTED where the other stack has moved on since, or this one is kept at a former release
 */
export async function promote(options: PromoteOptions): Promise<void> {
  const { from, to, release: expected } = options;
  const engine = deployEngine(options, to);
  const kept = new StackFile(PROJECT_DIR, to).get("wandstore:rollback", ["release"]);
  if (kept !== undefined) {
    throw new Failure(
      "NOT_PROMOTED",
      `stack "${to}" is kept at release ${String(kept)}: take that back first, with "wandstore rollback --clear -s ${to}"`,
    );
  }
  const pin = await imageToPromote(engine, from, expected);
  await release(engine, to, pin);
}

async function release(engine: Engine, stack: string, pin: ImagePin | undefined): Promise<void> {
  await engine.up(stack, pin);
  const outputs = await engine.outputs(stack);
  if (outputs === undefined)
    throw new Failure("DEPLOY_FAILED", `stack "${stack}" tells nothing of itself after its deployment`);
  checkPromoted(stack, outputs, pin);
  const health = await engine.health(stack, outputs);
  if (health !== undefined) await untilHealthy(stack, health);
  tell(stack, outputs, health !== undefined);
}

function tell(stack: string, { releaseId = "", imageDigest = "" }: StackOutputs, asked: boolean): void {
  // The digest alone: an output that has an account's id in it may be held back as a secret.
  const digest = imageDigest.slice(imageDigest.indexOf("@") + 1);
  setOutput("release", releaseId);
  setOutput("digest", digest);
  const says = `${stack}: release ${releaseId}, image ${digest}${asked ? ", healthy" : "; nothing serves it now"}`;
  addSummary(`- ${code(stack)}: release ${code(releaseId)}, image ${code(digest)}`);
  process.stdout.write(`${says}\n`);
}

/** Asks a stack for its health until it answers 200. @throws Failure NOT_HEALTHY with the last answer */
export async function untilHealthy(stack: string, health: Health, { tries, everyMs } = HEALTH): Promise<void> {
  let last = "nothing";
  for (let tried = 0; tried < tries; tried += 1) {
    if (tried > 0) await wait(everyMs);
    try {
      const status = await health();
      if (status === 200) return;
      last = String(status);
    } catch (error) {
      last = (error as Error).message;
    }
  }
  throw new Failure("NOT_HEALTHY", `stack "${stack}" is deployed, and its /health does not answer 200: ${last}`);
}
