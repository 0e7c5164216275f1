/**
 * The analytics that wrangler asks for (POST /graphql): how much a bucket holds is counted when it is asked, and of queries nothing
 * is known. A query of any other dataset is refused. Answers have GraphQL's own form, without the envelope.
 */
import { z } from "zod";
import type { Host } from "../host";
import { INVALID_INPUT } from "../refusals";
import { Routes } from "../routes";
import type { Services } from "../services";
import { jsonBody } from "./body";

const Query = z.object({
  query: z.string(),
  variables: z
    .object({ accountTag: z.string(), filter: z.object({ bucketName: z.string().optional() }) })
    .partial()
    .default({}),
});

const R2_STORAGE = "r2StorageAdaptiveGroups";
const D1_QUERIES = "d1AnalyticsAdaptiveGroups";

export function graphqlRoutes({ account, state, host, now }: Services): Routes {
  const app = new Routes(
    "the analytics that wrangler shows: what a bucket holds is counted when it is asked, of queries nothing is known; other datasets are refused",
  );

  app.post("/graphql", async (c) => {
    const { query, variables } = await jsonBody(c, Query, INVALID_INPUT.accounts);
    if (variables.accountTag !== account.id) return c.json(refused(`not authorized for that account`));
    if (query.includes(D1_QUERIES)) return c.json(answered({ [D1_QUERIES]: [] }));
    if (query.includes(R2_STORAGE)) {
      const bucket = bucketNamed(variables.filter?.bucketName ?? "");
      const groups = bucket
        ? [{ max: await sizeOf(host, bucket.name), dimensions: { datetime: now().toISOString() } }]
        : [];
      return c.json(answered({ [R2_STORAGE]: groups }));
    }
    return c.json(refused(`the embedded cloud knows the datasets ${R2_STORAGE} and ${D1_QUERIES} alone`));
  });
  return app;

  /** A bucket of a jurisdiction is named with it: `eu_bucket`. */
  function bucketNamed(full: string) {
    return state.r2.find(({ name, jurisdiction }) => {
      return full === name || full === `${jurisdiction}_${name}`;
    });
  }
}

async function sizeOf(host: Host, bucket: string) {
  const r2 = await host.r2(bucket);
  const total = { objectCount: 0, payloadSize: 0, metadataSize: 0 };
  let cursor: string | undefined;
  do {
    const page = await r2.list({ limit: 1000, ...(cursor === undefined ? {} : { cursor }) });
    total.objectCount += page.objects.length;
    for (const { size } of page.objects) total.payloadSize += size;
    cursor = page.truncated ? page.cursor : undefined;
  } while (cursor !== undefined);
  return total;
}

const answered = (groups: Record<string, unknown>) => ({ data: { viewer: { accounts: [groups] } }, errors: null });

const refused = (message: string) => ({ data: null, errors: [{ message, path: null }] });
