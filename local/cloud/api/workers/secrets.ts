/** Secrets of a Worker: each change is a new version, deployed at once. No route gives a text back. */
import { z } from "zod";
import { errors, INVALID_INPUT } from "../../refusals";
import { Routes } from "../../routes";
import type { Services } from "../../services";
import type { SecretBox } from "../../state/secretBox";
import type { Source, StoredBinding, WorkerDoc } from "../../state/model";
import { checkCount, sealedSecret } from "../../workers/bindings";
import { changeLatest } from "../../workers/uploads";
import { nameText } from "../../validation";
import { jsonBody } from "../body";
import { ok } from "../envelope";
import { findScript } from "./find";
import { sourceOf } from "./uploadInput";

const Secret = z.object({ name: nameText(255), text: z.string(), type: z.literal("secret_text") });
const Bulk = z.object({
  secrets: z.record(z.string(), z.union([z.null(), z.object({ type: z.literal("secret_text"), text: z.string() })])),
});

/** Secrets by name, null for one that goes. */
type Secrets = Record<string, { text: string } | null>;

export function secretRoutes(services: Services): Routes {
  const { state, releases } = services;
  const app = new Routes(
    "`secret_text` alone; each change is a version that is deployed at once, and refused (10215) where the latest one does not run alone",
  );

  app.get("/:script/secrets", (c) => ok(c, secretsOf(findScript(state, c.req.param("script")).version.bindings)));
  app.put("/:script/secrets", async (c) => {
    const { worker } = findScript(state, c.req.param("script"));
    const { name, text } = await jsonBody(c, Secret, INVALID_INPUT.workers);
    await change(worker, { [name]: { text } }, sourceOf(c));
    return ok(c, { name, type: "secret_text" });
  });
  app.patch("/:script/secrets-bulk", async (c) => {
    const { worker } = findScript(state, c.req.param("script"));
    const { secrets } = await jsonBody(c, Bulk, INVALID_INPUT.workers);
    const now = await change(worker, secrets, sourceOf(c));
    return ok(c, Object.fromEntries(secretsOf(now).map((secret) => [secret.name, secret])));
  });
  app.get("/:script/secrets/:name", (c) => {
    const { version } = findScript(state, c.req.param("script"));
    const found = secretsOf(version.bindings).find(({ name }) => name === c.req.param("name"));
    if (!found) throw errors.secretNotFound(c.req.param("name"));
    return ok(c, found);
  });
  app.delete("/:script/secrets/:name", async (c) => {
    const { worker, version } = findScript(state, c.req.param("script"));
    const name = c.req.param("name");
    if (!secretsOf(version.bindings).some((secret) => secret.name === name)) throw errors.secretNotFound(name);
    await change(worker, { [name]: null }, sourceOf(c));
    return ok(c, null);
  });
  return app;

  async function change(worker: WorkerDoc, secrets: Secrets, source: Source): Promise<StoredBinding[]> {
    const annotations = { "workers/triggered_by": "secret" };
    const version = await changeLatest(services, worker.id, {
      bindings: (latest) => changedSecrets(latest.bindings, secrets, services.secrets),
      annotations,
      source,
      notDeployed: errors.secretNotDeployed,
    });
    await releases.deploy(worker, [{ version_id: version.id, percentage: 100 }], annotations, source);
    return version.bindings;
  }
}

/** Bindings with other secrets. One that shall go and is not there is gone already. */
export function changedSecrets(former: readonly StoredBinding[], secrets: Secrets, box: SecretBox): StoredBinding[] {
  const inUse = former.find(({ name, type }) => type !== "secret_text" && Object.hasOwn(secrets, name));
  if (inUse) throw errors.secretInUse(inUse.name);
  const added = Object.entries(secrets).flatMap(([name, secret]) =>
    secret ? sealedSecret(name, secret.text, box) : [],
  );
  const changed = [...former.filter(({ name }) => !Object.hasOwn(secrets, name)), ...added];
  checkCount(changed);
  return changed;
}

const secretsOf = (bindings: readonly StoredBinding[]) =>
  bindings.flatMap(({ name, type }) => (type === "secret_text" ? [{ name, type }] : []));
