import { z } from "zod";
import { LlmProvidersSchema } from "../../runtime/contract/llm";
import { STORE_SLUG_PATTERN } from "../../runtime/contract/store";

/** `shop` is the stack of one merchant; `prod` is the one that refuses what only a rehearsal may have. */
export const ENVIRONMENTS = ["dev", "staging", "prod", "shop"] as const;

const seconds = (least: number, most: number) => z.int().min(least).max(most);
const domain = z
  .string()
  .regex(
    /^(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,}$/,
    "expected a host name such as shop.example.com",
  );

const Worker = z.strictObject({
  /** The Worker's name; by default `wandstore-{stack}-storefront`. */
  name: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]{0,62}$/, "expected 1 to 63 lower-case letters, digits and hyphens")
    .optional(),
  /** Host name of the shop, in a zone of the account. */
  domain: domain.optional(),
  /** Whether the Worker answers on workers.dev; by default where there is no domain. */
  subdomain: z.boolean().optional(),
  compatibilityDate: z.iso.date().default("2026-07-01"),
});

const Pool = z.strictObject({
  /** Members of the generator pool: queues, and containers that may run at once. */
  size: z.int().min(1).max(50).default(10),
  /** Jobs that may wait at one member before it answers 429. */
  maxQueueDepth: z.int().min(1).max(10_000).default(100),
  /** Jobs that one member runs side by side. */
  concurrency: z.int().min(1).max(16).default(4),
  /** How long an idle container stays awake, such as `30s` or `5m`. */
  sleepAfter: z
    .string()
    .regex(/^[1-9]\d{0,3}[smh]$/, "expected a number and s, m or h, such as 5m")
    .default("5m"),
  instanceType: z.enum(["lite", "basic", "standard-1", "standard-2", "standard-3", "standard-4"]).default("lite"),
});

const Cache = z.strictObject({
  /** Lifetime of a page in KV. KV takes no less than 60 s. */
  ttlSeconds: seconds(60, 86_400).default(3600),
  /** How long after that an old page may still be shown while a new one is made. */
  staleSeconds: seconds(0, 86_400).default(86_400),
});

const Personalisation = z.strictObject({
  scope: z.enum(["shopper", "cohort"]).default("shopper"),
  trigger: z.enum(["first-visit", "returning"]).default("first-visit"),
});

const Llm = z.strictObject({
  /** Asked in this order; with none the template makes every page. */
  providers: LlmProvidersSchema.default([]),
  /** Time that one generation may take in all, milliseconds. */
  deadlineMs: z.int().min(5_000).max(120_000).default(60_000),
});

const Stores = z
  .array(z.string().regex(STORE_SLUG_PATTERN, "expected a slug: 2 to 40 lower-case letters, digits and single hyphens"))
  .min(1, "expected at least one store, the name of a folder below stores/")
  .superRefine((slugs, context) => {
    slugs.forEach((slug, index) => {
      if (slugs.indexOf(slug) < index) {
        context.addIssue({
          code: "custom",
          path: [index],
          input: slug,
          message: "is named twice; name each store once",
        });
      }
    });
  });

/** What a stack file may say under `wandstore:`, secrets left out. Also the source of every default. */
export const SettingsSchema = z
  .strictObject({
    environment: z.enum(ENVIRONMENTS),
    accountId: z.string().regex(/^[0-9a-f]{32}$/, "expected the account's 32 hex digits"),
    /** Where the edge answers when the stack has no domain and no workers.dev, as in the embedded cloud. */
    edgeUrl: z.url({ protocol: /^https?$/ }).optional(),
    worker: Worker.prefault({}),
    pool: Pool.prefault({}),
    cache: Cache.prefault({}),
    personalisation: Personalisation.prefault({}),
    llm: Llm.prefault({}),
    identity: z.strictObject({ unsignedLinks: z.boolean().optional() }).prefault({}),
    debug: z.strictObject({ enabled: z.boolean().optional() }).prefault({}),
    stores: Stores,
    budget: z.strictObject({ monthlyUsd: z.number().min(1).max(1_000_000) }).optional(),
    protect: z.boolean().optional(),
  })
  .superRefine((settings, context) => {
    const refuse = (path: string[], input: unknown, message: string): void => {
      context.addIssue({ code: "custom", path, input, message });
    };
    const { environment, worker, edgeUrl } = settings;
    if (environment === "prod" && settings.debug.enabled === true) {
      refuse(["debug", "enabled"], true, "debug routes are never open in prod; set it to false");
    }
    if (environment === "prod" && settings.identity.unsignedLinks === true) {
      refuse(["identity", "unsignedLinks"], true, "in prod anyone could act as any shopper; set it to false");
    }
    if (worker.subdomain === false && worker.domain === undefined && edgeUrl === undefined) {
      refuse(
        ["worker", "subdomain"],
        false,
        "without worker.domain nobody could reach the shop; set one, or true here",
      );
    }
  })
  .transform(({ identity, debug, protect, worker, ...rest }) => {
    const rehearsal = rest.environment === "dev" || rest.environment === "staging";
    return {
      ...rest,
      worker: { ...worker, subdomain: worker.subdomain ?? worker.domain === undefined },
      identity: { unsignedLinks: identity.unsignedLinks ?? rehearsal },
      debug: { enabled: debug.enabled ?? rehearsal },
      protect: protect ?? rest.environment === "prod",
    };
  });

/** A stack's config, complete: every default filled in. Lengths of time are in the unit that the name says. */
export type Settings = Readonly<z.output<typeof SettingsSchema>>;
