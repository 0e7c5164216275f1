import * as z from "zod";

/** The variable ALERT_RULES: what a stack wants to be told of. Units are in the names. */
export const ThresholdsSchema = z.object({
  cacheHitPercent: z.number(),
  generationP95Seconds: z.number(),
  coldStartSeconds: z.number(),
  modelErrorPercent: z.number(),
  /** Absent where the stack has no budget. */
  monthlyUsd: z.number().optional(),
  /** Where runbooks are; absent for docs/runbooks of this project. */
  runbookUrl: z.string().optional(),
});
export type Thresholds = Readonly<z.infer<typeof ThresholdsSchema>>;
