import { z } from "zod";

/** What was released: all that a rollback needs to bring it back. Kept in KV under `release:{releaseId}`, as JSON. */
export const ReleaseRecord = z.object({
  /** Of this shape; another number was written by another version of WandStore. */
  version: z.literal(1),
  releaseId: z.string().min(1).describe("Sorts by time."),
  at: z.iso.datetime().describe("When it was written, ISO 8601."),
  stack: z.string().min(1).describe("The stack that was deployed."),
  worker: z
    .object({
      scriptName: z.string().describe("The Worker's name."),
      versionId: z.string().describe("The version that got all requests."),
      buildId: z.string().optional().describe("Build id of its code."),
    })
    .describe("The code at the edge."),
  generator: z
    .object({
      applicationId: z.string().describe("The container application."),
      image: z.string().describe("What it ran, by its digest."),
      buildId: z.string().optional().describe("Build id of the image."),
    })
    .describe("The code in the containers."),
  schemaLevel: z.string().describe("Name of the last D1 migration that the database had."),
  migrationTag: z.string().describe("Tag of the last Durable Object migration that the Worker had."),
  bookmark: z
    .string()
    .optional()
    .describe("Time Travel bookmark from just before the last D1 migrations were applied."),
  rollbackOf: z.string().optional().describe("Id of the release that this one returned to."),
});
export type ReleaseRecord = z.infer<typeof ReleaseRecord>;

const PREFIX = "release:";

/** KV key of a record. Keys sort by time. */
export const keyOf = (releaseId: string): string => `${PREFIX}${releaseId}`;
export const KEY_PREFIX = PREFIX;

/** `{UTC yyyymmddThhmmssZ}-{first 8 of versionId}`. */
export const releaseIdOf = (at: Date, versionId: string): string =>
  `${at.toISOString().replace(/[-:]|\.\d+/g, "")}-${versionId.slice(0, 8)}`;

/** The record in a KV value, or why it is none. */
export function readRecord(value: unknown): { readonly record: ReleaseRecord } | { readonly problem: string } {
  let json: unknown;
  try {
    json = typeof value === "string" ? JSON.parse(value) : value;
  } catch {
    return { problem: "is not JSON" };
  }
  const parsed = ReleaseRecord.safeParse(json);
  if (parsed.success) return { record: parsed.data };
  const { version } = z.object({ version: z.unknown() }).safeParse(json).data ?? {};
  if (typeof version === "number" && version !== 1) {
    return { problem: `has version ${version} and can be read by the WandStore that wrote it only (here: version 1)` };
  }
  return { problem: `does not fit: ${z.prettifyError(parsed.error).replace(/\s+/g, " ")}` };
}
