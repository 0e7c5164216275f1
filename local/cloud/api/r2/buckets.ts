/** R2: buckets and their lifecycle rules. */
import type { Context } from "hono";
import { z } from "zod";
import { Routes } from "../../routes";
import type { Services } from "../../services";
import { removeWithData } from "../../state/leftovers";
import type { R2BucketDoc, State } from "../../state/model";
import { checked } from "../../validation";
import { jsonBody } from "../body";
import { ok, wholeNumber } from "../envelope";
import { errors, INVALID_INPUT } from "../../refusals";

/** developers.cloudflare.com/r2/buckets/create-buckets: 3 to 63 lower-case letters, digits and hyphens, none of those at an end. */
const BUCKET_NAME = /^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/;
const StorageClass = z.enum(["Standard", "InfrequentAccess"]);
const Jurisdiction = z.enum(["default", "eu", "fedramp"]);
const Create = z.object({
  name: z.string(),
  locationHint: z.enum(["apac", "eeur", "enam", "weur", "wnam", "oc"]).optional(),
  storageClass: StorageClass.default("Standard"),
});

const Age = z.object({ type: z.literal("Age"), maxAge: z.int().min(0) });
const Condition = z.union([Age, z.object({ type: z.literal("Date"), date: z.string() })]);
const Rule = z.object({
  id: z.string().min(1),
  enabled: z.boolean(),
  conditions: z.object({ prefix: z.string().default("") }),
  abortMultipartUploadsTransition: z.object({ condition: Age.optional() }).optional(),
  deleteObjectsTransition: z.object({ condition: Condition.optional() }).optional(),
  storageClassTransitions: z
    .array(z.object({ condition: Condition, storageClass: z.literal("InfrequentAccess") }))
    .optional(),
});
const Lifecycle = z.object({ rules: z.array(Rule).max(1000).default([]) });

/** Every new bucket has it. */
const DEFAULT_RULE: z.infer<typeof Rule> = {
  id: "Default Multipart Abort Rule",
  enabled: true,
  conditions: { prefix: "" },
  abortMultipartUploadsTransition: { condition: { type: "Age", maxAge: 604_800 } },
};

export function r2BucketRoutes({ state, host, now }: Services): Routes {
  const app = new Routes(
    "found only under its own `cf-r2-jurisdiction`, but a name is given once for all of them; lifecycle rules are stored, not carried out",
  );

  app.get("/", (c) => {
    const { name_contains, start_after, cursor, direction } = c.req.query();
    const perPage = wholeNumber(c.req.query("per_page"), 20, 1000);
    const after = cursor ?? start_after;
    const sorted = state.r2.list().toSorted((a, b) => (a.name < b.name ? -1 : 1));
    if (direction === "desc") sorted.reverse();
    const jurisdiction = jurisdictionIn(c);
    const matching = sorted
      .filter((bucket) => bucket.jurisdiction === jurisdiction)
      .filter(({ name }) => !name_contains || name.includes(name_contains))
      .filter(({ name }) => !after || (direction === "desc" ? name < after : name > after));
    const buckets = matching.slice(0, perPage);
    const next = matching.length > perPage ? { cursor: buckets.at(-1)?.name } : {};
    return ok(c, { buckets: buckets.map(shown) }, { info: { per_page: perPage, ...next } });
  });
  app.post("/", async (c) => {
    const { name, locationHint, storageClass } = await jsonBody(c, Create, INVALID_INPUT.r2);
    if (!BUCKET_NAME.test(name)) throw errors.r2BucketName();
    if (state.r2.get(name)) throw errors.r2BucketExists();
    const bucket: R2BucketDoc = {
      name,
      createdAt: now().toISOString(),
      jurisdiction: jurisdictionIn(c),
      storageClass,
      lifecycleRules: [DEFAULT_RULE],
      ...(locationHint ? { location: locationHint } : {}),
    };
    state.r2.put(name, bucket);
    return ok(c, shown(bucket));
  });
  app.get("/:bucket", (c) => ok(c, shown(r2Bucket(state, c))));
  app.patch("/:bucket", (c) => {
    const bucket = r2Bucket(state, c);
    const given = c.req.header("cf-r2-storage-class") || bucket.storageClass;
    const changed = { ...bucket, storageClass: checked(StorageClass, given, INVALID_INPUT.r2) };
    state.r2.put(bucket.name, changed);
    return ok(c, shown(changed));
  });
  app.delete("/:bucket", async (c) => {
    const { name } = r2Bucket(state, c);
    const { objects } = await (await host.r2(name)).list({ limit: 1 });
    if (objects.length > 0) throw errors.r2BucketNotEmpty();
    await removeWithData(state, host, { what: "r2", name }, () => state.r2.delete(name));
    return ok(c, {});
  });

  app.get("/:bucket/lifecycle", (c) => ok(c, { rules: r2Bucket(state, c).lifecycleRules }));
  app.put("/:bucket/lifecycle", async (c) => {
    const { rules } = await jsonBody(c, Lifecycle, INVALID_INPUT.r2);
    const bucket = r2Bucket(state, c);
    state.r2.put(bucket.name, { ...bucket, lifecycleRules: rules });
    return ok(c, {});
  });
  return app;
}

const shown = ({ name, createdAt, location, jurisdiction, storageClass }: R2BucketDoc) => ({
  name,
  creation_date: createdAt,
  jurisdiction,
  storage_class: storageClass,
  ...(location ? { location } : {}),
});

/** The bucket that a route names, or Cloudflare's refusal; one of another jurisdiction than the request's is not found. */
export function r2Bucket(state: State, c: Context): R2BucketDoc {
  const bucket = state.r2.get(c.req.param("bucket") ?? "");
  if (bucket?.jurisdiction !== jurisdictionIn(c)) throw errors.r2BucketNotFound();
  return bucket;
}

/** An empty header is none: the Pulumi provider sends it so. */
const jurisdictionIn = (c: Context): string =>
  checked(Jurisdiction, c.req.header("cf-r2-jurisdiction") || "default", INVALID_INPUT.r2);
