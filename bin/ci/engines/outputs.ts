import { z } from "zod";
import type { ImagePin, Outputs } from "./engine";

const text = z.string().optional().catch(undefined);
const OutputsSchema = z.object({
  imageDigest: text,
  generatorBuildId: text,
  releaseId: text,
  defaultStorefront: text,
});

/** What of a stack's outputs the steps need; nothing where it has none. */
export function outputsIn(json: string): Outputs | undefined {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    return undefined;
  }
  const outputs = OutputsSchema.safeParse(value);
  return outputs.success && outputs.data.releaseId !== undefined ? outputs.data : undefined;
}

/** The image that a stack runs; none where it is not deployed. */
export function imageIn(outputs: Outputs | undefined): ImagePin | undefined {
  const { imageDigest: ref, generatorBuildId: buildId } = outputs ?? {};
  return ref === undefined ? undefined : { ref, ...(buildId !== undefined && { buildId }) };
}
