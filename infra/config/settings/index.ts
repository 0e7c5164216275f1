import { z } from "zod";
import { Debug, Identity, Rotation } from "./access";
import { Llm } from "./llm";
import { Alerts, Budget, Observability } from "./operation";
import { Cache, Personalisation } from "./pages";
import { Pool } from "./pool";
import { Image, Rollback } from "./release";
import { AccountId, EdgeUrl, Environment, Protect, Stores } from "./stack";
import { Worker } from "./worker";

/**
 * What a stack file may say under `wandstore:`, secrets left out. Types, ranges, defaults, the reference
 * (docs/reference/config.md) and the schema for editors (infra/config/stack.schema.json) all come from here: after a
 * change, `npm run generate`.
 */
export const SettingsSchema = z.strictObject({
  environment: Environment,
  accountId: AccountId,
  stores: Stores,
  protect: Protect,
  edgeUrl: EdgeUrl,
  worker: Worker,
  pool: Pool,
  image: Image,
  cache: Cache,
  personalisation: Personalisation,
  llm: Llm,
  identity: Identity,
  rotation: Rotation,
  debug: Debug,
  observability: Observability,
  alerts: Alerts,
  budget: Budget,
  rollback: Rollback,
});

/** A stack's settings, checked one by one; what depends on the environment is still open. */
export type GivenSettings = z.output<typeof SettingsSchema>;
