import { z } from "zod";
import { OPERATIONS } from "../plan/change";

const ChangedSchema = z.strictObject({
  path: z.string(),
  replaces: z.boolean(),
  before: z.string().optional(),
  after: z.string().optional(),
});
const usd = z.number().nonnegative();

/** What of a stack's settings reviewers have to hear when it changes. */
const FactsSchema = z.strictObject({
  environment: z.string(),
  debug: z.boolean(),
  unsignedLinks: z.boolean(),
  subdomain: z.boolean(),
  domain: z.string().optional(),
  protect: z.boolean(),
  poolSize: z.int(),
  budgetUsd: z.number().optional(),
});
export type Facts = z.output<typeof FactsSchema>;

/**
 * What one preview found, as `ci:preview` writes it and `ci:comment` reads it. The two run in jobs of their own: the one that
 * runs the code of a pull request may write nothing at GitHub, and the one that writes believes none of this to be markdown.
 */
export const ReportSchema = z.strictObject({
  stack: z.string(),
  /** `pulumi`: against the stack's state. `embedded`: in the embedded cloud. `offline`: nothing was asked, all is new. */
  source: z.enum(["pulumi", "embedded", "offline"]),
  changes: z.array(
    z.strictObject({
      op: z.enum(OPERATIONS),
      type: z.string(),
      name: z.string(),
      changed: z.array(ChangedSchema),
    }),
  ),
  unchanged: z.int(),
  findings: z.array(
    z.strictObject({
      rule: z.string(),
      level: z.enum(["advisory", "mandatory"]),
      resource: z.string(),
      message: z.string(),
    }),
  ),
  errors: z.array(z.string()),
  /** What a reader has to know to understand the rest. */
  notes: z.array(z.string()),
  facts: z.strictObject({ before: FactsSchema.optional(), after: FactsSchema }).optional(),
  cost: z
    .strictObject({
      before: usd.optional(),
      after: usd,
      parts: z.array(z.strictObject({ part: z.string(), before: usd.optional(), after: usd })),
      assuming: z.strictObject({ viewsPerDay: z.number(), pagesPerDay: z.number(), pricesAsOf: z.string() }),
    })
    .optional(),
});
export type Report = Readonly<z.output<typeof ReportSchema>>;

/** A plan that may not be carried out: the preview failed, or a mandatory policy refuses it. */
export const isRefused = ({ errors, findings }: Pick<Report, "errors" | "findings">): boolean =>
  errors.length > 0 || findings.some(({ level }) => level === "mandatory");
