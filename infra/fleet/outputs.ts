import { z } from "zod";
import type { ImagePin, StackOutputs } from "./engine";

const text = z.string().optional().catch(undefined);
const OutputsSchema = z.object({
  imageDigest: text,
  generatorBuildId: text,
  releaseId: text,
  defaultStorefront: text,
  catalogues: z.record(z.string(), z.string()).optional().catch(undefined),
});

/** What of a stack's outputs is needed here; undefined for a stack that is not deployed. */
export function outputsOf(value: unknown): StackOutputs | undefined {
  const outputs = OutputsSchema.safeParse(value);
  return outputs.success && outputs.data.releaseId !== undefined ? outputs.data : undefined;
}

/** The same of the JSON that a command printed. */
export function outputsIn(json: string): StackOutputs | undefined {
  try {
    return outputsOf(JSON.parse(json));
  } catch {
    return undefined;
  }
}

/** The image that a stack runs; undefined where it is not deployed. */
export function imageIn(outputs: StackOutputs | undefined): ImagePin | undefined {
  const { imageDigest: ref, generatorBuildId: buildId } = outputs ?? {};
  return ref === undefined ? undefined : { ref, ...(buildId !== undefined && { buildId }) };
}
