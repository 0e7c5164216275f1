/** Deployments: which versions of a Worker answer, and with what share of the traffic. */
import { z } from "zod";
import { Routes } from "../../routes";
import type { Services } from "../../services";
import type { DeploymentDoc, VersionDoc, WorkerDoc } from "../../state/model";
import { deploymentsOf, liveDeployment, mainVersion } from "../../workers/releases";
import { versionsOf } from "../../workers/uploads";
import { jsonBody } from "../body";
import { ok } from "../envelope";
import { errors, INVALID_INPUT } from "../../refusals";
import { USER_EMAIL } from "../identity";
import { findWorker } from "./find";
import { sourceOf } from "./uploadInput";

const DeploymentInput = z.object({
  strategy: z.literal("percentage"),
  // 0 is for requests that ask for the version (…/versions-and-deployments/version-overrides), whatever the description says.
  versions: z.array(z.object({ version_id: z.uuid(), percentage: z.number().min(0).max(100) })),
  annotations: z.object({ "workers/message": z.string().max(1000).optional() }).default({}),
});

export function deploymentRoutes({ state, releases, secrets }: Services): Routes {
  const app = new Routes(
    "migrations are applied here, as the OpenAPI description says, and checked at the upload too; a version that brings some runs alone (10211). Two versions run side by side and share the requests at the edge: by chance, by `Cloudflare-Workers-Version-Key`, or by `Cloudflare-Workers-Version-Overrides`. Their Durable Objects all belong to the version that was there first, where Cloudflare divides them by id; service bindings and crons reach that version too. Its replacement ends WebSockets, and requests that take longer than 10 s. Going back to a version with other secrets is refused (10220) unless `?force=true`",
  );

  app.get("/:script/deployments", (c) => {
    const worker = findWorker(state, c.req.param("script"));
    return ok(c, { deployments: deploymentsOf(state, worker.id).map(shown) });
  });
  app.post("/:script/deployments", async (c) => {
    const worker = findWorker(state, c.req.param("script"));
    const { versions, annotations } = await jsonBody(c, DeploymentInput, INVALID_INPUT.workers);
    if (versions.length < 1 || versions.length > 2) throw errors.deploymentCount(versions.length);
    const [first, second] = versions;
    if (first && first.version_id === second?.version_id) throw errors.deploymentTwice(first.version_id);
    const sum = versions.reduce((total, { percentage }) => total + percentage, 0);
    if (Math.abs(sum - 100) > 0.001) throw errors.deploymentSum();
    if (c.req.query("force") !== "true") checkSecrets(worker, versions);
    const message = annotations["workers/message"];
    const kept = { ...(message ? { "workers/message": message } : {}), "workers/triggered_by": "deployment" };
    return ok(c, shown(await releases.deploy(worker, versions, kept, sourceOf(c))));
  });
  app.get("/:script/deployments/:deployment", (c) => ok(c, shown(find(c.req.param()).deployment)));
  app.delete("/:script/deployments/:deployment", (c) => {
    const { deployment, live } = find(c.req.param());
    if (live) throw errors.deploymentLive();
    state.deployments.delete(deployment.id);
    return ok(c, null);
  });
  return app;

  /** Nobody goes back to other secrets unawares. */
  function checkSecrets(worker: WorkerDoc, shares: DeploymentDoc["versions"]): void {
    const live = liveDeployment(state, worker.id);
    const current = live && mainVersion(live, versionsOf(state, worker.id));
    const wanted = shares.flatMap(({ version_id }) => state.versions.get(version_id) ?? []);
    if (!current) return;
    const former = wanted.filter(({ workerId, number }) => workerId === worker.id && number < current.number);
    const changed = new Set(former.flatMap((version) => changedSecrets(version, current)));
    if (changed.size > 0) throw errors.secretsChanged([...changed]);
  }

  /** Names of secrets that one of the two has alone, or with another text. */
  function changedSecrets(one: VersionDoc, other: VersionDoc): string[] {
    const [texts, others] = [one, other].map(textsOf) as [Map<string, string>, Map<string, string>];
    const names = new Set([...texts.keys(), ...others.keys()]);
    return [...names].filter((name) => texts.get(name) !== others.get(name)).toSorted();
  }

  function textsOf({ bindings }: VersionDoc): Map<string, string> {
    return new Map(
      bindings.flatMap((one) => (one.type === "secret_text" ? [[one.name, secrets.open(one.sealed)] as const] : [])),
    );
  }

  function find(params: { script: string; deployment: string }): { deployment: DeploymentDoc; live: boolean } {
    const worker = findWorker(state, params.script);
    const all = deploymentsOf(state, worker.id);
    const deployment = all.find(({ id }) => id === params.deployment);
    if (!deployment) throw errors.deploymentNotFound();
    return { deployment, live: deployment === all[0] };
  }
}

const shown = ({ id, createdOn, versions, annotations, source = "api" }: DeploymentDoc) => ({
  id,
  created_on: createdOn,
  source,
  strategy: "percentage",
  author_email: USER_EMAIL,
  annotations,
  versions,
});
