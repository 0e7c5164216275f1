/** Workers as scripts: upload by a form, with or without a deployment, and versions in the words of that older API. */
import { errors, INVALID_INPUT } from "../../refusals";
import { Routes } from "../../routes";
import type { Services } from "../../services";
import { hexId } from "../../state/ids";
import type { VersionDoc, WorkerDoc } from "../../state/model";
import { shownBindings } from "../../workers/bindings";
import { checkAlias, hasPreview } from "../../workers/previews";
import { addVersion, versionsOf } from "../../workers/uploads";
import { checked } from "../../validation";
import { ok, okPage } from "../envelope";
import { USER_EMAIL } from "../identity";
import { findScript, findVersion } from "./find";
import { readForm } from "./multipart";
import { removeWorker } from "./remove";
import { WorkerInput, withScriptSettings } from "./settings";
import { etagOf, summary } from "./shownScript";

const PAGE = { default: 10, max: 100 };
/** `deployable=true` asks for all that could be deployed: the last hundred (…/versions-and-deployments, "Limits"). */
const DEPLOYABLE_PAGE = { default: 100, max: 100 };

export function scriptVersionRoutes(services: Services): Routes {
  const { state, releases, modules, account, now } = services;
  const app = new Routes(
    "what `wrangler deploy` and `wrangler versions` use: forms with ES modules, as far as the JSON route goes; no service worker syntax. The code and its settings are not given back. `handlers` is what the words of the code suggest. A version's preview address is asked over `http`, whatever wrangler prints; where it shares data with what is deployed, that starts anew with it, as at a deployment",
  );

  /** Makes or replaces a Worker: a new version, deployed with its migrations at once. */
  app.put("/:script", async (c) => {
    const upload = await readForm(c);
    const name = c.req.param("script");
    const known = state.workers.find((one) => one.name === name);
    const worker = known ?? newWorker(name);
    if (!known) state.workers.put(worker.id, worker);
    try {
      const version = await addVersion(services, worker.id, { ...upload, deployed: true });
      const shares = [{ version_id: version.id, percentage: 100 }];
      await releases.deploy(worker, shares, version.annotations, upload.source);
      const deployed = state.workers.get(worker.id) ?? worker;
      // An upload that says nothing of observability switches it off: what wrangler does by hand where it uploads a version.
      const former = { ...deployed.settings, observability: {}, tail_consumers: [] };
      const settled = { ...deployed, settings: withScriptSettings(former, upload.settings) };
      state.workers.put(worker.id, settled);
      return ok(c, {
        ...summary(settled, version),
        deployment_id: version.id.replaceAll("-", ""), // so called, and yet the version's
        entry_point: version.mainModule,
        handlers: await handlersOf(version),
        startup_time_ms: version.startupTimeMs ?? 1,
      });
    } catch (error) {
      if (!known) await removeWorker(services, worker, true); // it came with this upload, and goes with it
      throw error;
    }
  });

  app.post("/:script/versions", async (c) => {
    const { worker } = findScript(state, c.req.param("script"));
    const upload = await readForm(c);
    if (upload.migrations && upload.migrations.steps.length > 0) throw errors.versionedMigration();
    checkAlias(worker, upload.annotations);
    const version = await addVersion(services, worker.id, upload);
    return ok(c, { ...(await details(worker, version)), startup_time_ms: version.startupTimeMs ?? 1 });
  });
  app.get("/:script/versions", (c) => {
    const { worker } = findScript(state, c.req.param("script"));
    const page = c.req.query("deployable") === "true" ? DEPLOYABLE_PAGE : PAGE;
    return okPage(c, versionsOf(state, worker.id), page, listed, (items) => ({ items }));
  });
  app.get("/:script/versions/:version", async (c) => {
    const { worker } = findScript(state, c.req.param("script"));
    return ok(c, await details(worker, findVersion(state, worker, c.req.param("version"))));
  });
  return app;

  function newWorker(given: string): WorkerDoc {
    const { name, ...settings } = checked(WorkerInput, { name: given }, INVALID_INPUT.workers);
    const at = now().toISOString();
    return { id: hexId(), name, createdOn: at, updatedOn: at, settings, lastVersionNumber: 0, schedules: [] };
  }

  function listed(version: VersionDoc) {
    const { id, number, annotations, createdOn, source = "api" } = version;
    const previewed = hasPreview(state, version);
    return {
      id,
      number,
      annotations,
      metadata: {
        author_email: USER_EMAIL,
        author_id: account.userId,
        created_on: createdOn,
        modified_on: createdOn,
        source,
        hasPreview: previewed,
        has_preview: previewed,
      },
    };
  }

  async function details(worker: WorkerDoc, version: VersionDoc) {
    const { limits, usage_model } = version.kept;
    return {
      ...listed(version),
      resources: {
        bindings: shownBindings(version, worker.name, state),
        script: {
          etag: etagOf(version),
          handlers: await handlersOf(version),
          last_deployed_from: version.source ?? "api",
        },
        script_runtime: {
          usage_model,
          compatibility_flags: version.compatibilityFlags,
          ...(version.compatibilityDate ? { compatibility_date: version.compatibilityDate } : {}),
          ...(limits ? { limits } : {}),
          ...(version.migrationTag ? { migration_tag: version.migrationTag } : {}),
        },
      },
    };
  }

  /** By the words of the code, since nothing is run to know them. */
  async function handlersOf(version: VersionDoc): Promise<string[]> {
    const main = version.modules.find(({ name }) => name === version.mainModule);
    const text = main ? (await modules.read(main.sha256)).toString("utf8") : "";
    return HANDLERS.filter((handler) => new RegExp(`\\b${handler}\\b\\s*[(:,=}]`).test(text));
  }
}

const HANDLERS = ["fetch", "scheduled", "queue", "email", "tail", "trace"];
