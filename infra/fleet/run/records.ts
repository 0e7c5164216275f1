import { z } from "zod";

const text = z.string().optional();

export const OutputsRecord = z.object({
  imageDigest: text,
  generatorBuildId: text,
  releaseId: text,
  defaultStorefront: text,
});

export const Trouble = z.object({
  /** Whether it could not be deployed, or was and does not answer as it should. */
  stage: z.enum(["deploy", "verify"]),
  code: text,
  message: z.string(),
});
/** What went wrong with one shop. */
export type Trouble = Readonly<z.infer<typeof Trouble>>;

const at = z.number();
const stack = z.string();
const Operation = z.enum(["up", "preview", "destroy"]);
export type Operation = z.infer<typeof Operation>;

export const Begin = z.object({
  kind: z.literal("begin"),
  version: z.literal(1),
  at,
  operation: Operation,
  /** Who deploys, and what: another one of these is another run. */
  engine: z.string(),
  program: z.string(),
  image: z.object({ ref: z.string(), buildId: text }).optional(),
  /** The stacks, wave by wave. */
  waves: z.array(z.array(stack)),
});
/** The first line of a journal: what the run is to do. */
export type Begin = Readonly<z.infer<typeof Begin>>;

/** A line of a journal: one thing that happened, written before anything that follows from it is done. */
export const JournalRecord = z.discriminatedUnion("kind", [
  Begin,
  z.object({ kind: z.literal("resumed"), at }),
  /** `files` tells what of the shop's own was deployed. */
  z.object({ kind: z.literal("started"), at, stack, files: z.string() }),
  z.object({
    kind: z.literal("deployed"),
    at,
    stack,
    ms: z.number(),
    summary: z.record(z.string(), z.number()),
    outputs: OutputsRecord.optional(),
  }),
  z.object({ kind: z.literal("verified"), at, stack, build: text }),
  z.object({ kind: z.literal("failed"), at, stack, ms: z.number(), trouble: Trouble }),
  z.object({ kind: z.literal("stopped"), at, why: z.string() }),
  z.object({ kind: z.literal("ended"), at, ok: z.boolean() }),
]);
export type JournalRecord = Readonly<z.infer<typeof JournalRecord>>;
