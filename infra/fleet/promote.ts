import type { ImagePin, StackEngine, StackOutputs } from "./engine";
import { FleetError } from "./errors";
import { imageIn } from "./outputs";

/**
 * The image that a stack runs and has verified, for others to run, too.
 * @param expected the release that was verified: the stack may have moved on since.
 * @throws FleetError NOT_DEPLOYED, NOT_PROMOTED
 */
export async function imageToPromote(
  engine: Pick<StackEngine, "outputs">,
  from: string,
  expected?: string,
): Promise<ImagePin> {
  const outputs = await engine.outputs(from);
  const pin = imageIn(outputs);
  if (pin === undefined) {
    throw new FleetError("NOT_DEPLOYED", `stack "${from}" is not deployed: it has no image to promote`);
  }
  if (expected !== undefined && outputs?.releaseId !== expected) {
    throw new FleetError(
      "NOT_PROMOTED",
      `stack "${from}" has moved on from release ${expected} to ${outputs?.releaseId}: promote that one instead`,
    );
  }
  return pin;
}

/** A stack that was deployed with an image has to run it. @throws FleetError NOT_PROMOTED */
export function checkPromoted(stack: string, outputs: StackOutputs, image: ImagePin | undefined): void {
  if (image === undefined || outputs.imageDigest === image.ref) return;
  throw new FleetError(
    "NOT_PROMOTED",
    `stack "${stack}" runs ${outputs.imageDigest}, not the image that was promoted, ${image.ref}: ` +
      `where it is kept at a former release, take that back first, with "wandstore rollback --clear -s ${stack}"`,
  );
}
