/** Versions of a Worker: code, bindings and settings that are deployed together. */
import { z } from "zod";
import { Routes } from "../../routes";
import type { Services } from "../../services";
import type { Source, VersionDoc, WorkerDoc } from "../../state/model";
import { shownBindings } from "../../workers/bindings";
import { ModuleInput } from "../../workers/modules";
import { jsonBody } from "../body";
import { ok, okPage } from "../envelope";
import { INVALID_INPUT } from "../../refusals";
import { hasPreview, previewPrefix } from "../../workers/previews";
import { addVersion, changeLatest, versionsOf } from "../../workers/uploads";
import { edgeDomain } from "./edgeDomain";
import { findVersion, findWorker } from "./find";
import { removeVersion } from "./remove";
import { changedSecrets } from "./secrets";
import { given } from "../given";
import { Annotations, keptSettings, refuseUnknown, sourceOf, UploadInput } from "./uploadInput";

const VersionInput = UploadInput.extend({
  main_module: z.string().min(1),
  modules: z.array(ModuleInput).min(1),
});
type VersionInput = z.output<typeof VersionInput>;

/** A change of the latest version: variables and secrets by name, null for one that goes. */
const VersionPatch = z.object({
  env: z.record(z.string(), z.union([z.null(), z.object({ type: z.literal("secret_text"), text: z.string() })])),
  annotations: Annotations,
});

const PAGE = { default: 10, max: 100 };

export function versionRoutes(services: Services): Routes {
  const { state, modules, releases } = services;
  const app = new Routes(
    "modules, bindings (KV, D1, R2, text, secret, JSON, Durable Object, service, version metadata, inherit), containers, migrations, `?include=modules`, `?deploy=true`; no assets, no `exports`. Source maps are kept, not used. Code is started on trial, without its resources and secrets: what fails is refused (10021), and `startup_time_ms` is how long that took. A change of the latest version takes secrets alone",
  );

  app.get("/:worker/versions", (c) => {
    const worker = findWorker(state, c.req.param("worker"));
    return okPage(c, versionsOf(state, worker.id), PAGE, (version) => shown(worker, version));
  });
  app.post("/:worker/versions", async (c) => {
    const worker = findWorker(state, c.req.param("worker"));
    const version = await upload(worker, await jsonBody(c, VersionInput, INVALID_INPUT.workers), sourceOf(c));
    if (c.req.query("deploy") === "true") {
      await releases.deploy(worker, [{ version_id: version.id, percentage: 100 }], {}, sourceOf(c));
    }
    return ok(c, shown(findWorker(state, worker.id), findVersion(state, worker, version.id)));
  });
  app.get("/:worker/versions/:version", async (c) => {
    const worker = findWorker(state, c.req.param("worker"));
    const version = findVersion(state, worker, c.req.param("version"));
    if (c.req.query("include") !== "modules") return ok(c, shown(worker, version));
    const files = await Promise.all(
      version.modules.map(async ({ name, content_type, sha256 }) => ({
        name,
        content_type,
        content_base64: (await modules.read(sha256)).toString("base64"),
      })),
    );
    return ok(c, { ...shown(worker, version), modules: files });
  });
  app.patch("/:worker/versions/latest", async (c) => {
    const worker = findWorker(state, c.req.param("worker"));
    const { env, annotations } = await jsonBody(c, VersionPatch, INVALID_INPUT.workers);
    const version = await changeLatest(services, worker.id, {
      bindings: (latest) => changedSecrets(latest.bindings, env, services.secrets),
      annotations: { ...given(annotations), "workers/triggered_by": "secret" },
      source: sourceOf(c),
    });
    return ok(c, shown(findWorker(state, worker.id), version));
  });
  app.delete("/:worker/versions/:version", async (c) => {
    const worker = findWorker(state, c.req.param("worker"));
    await removeVersion(services, findVersion(state, worker, c.req.param("version")));
    return ok(c, null);
  });
  return app;

  function upload(worker: WorkerDoc, input: VersionInput, source: Source): Promise<VersionDoc> {
    refuseUnknown(input);
    return addVersion(services, worker.id, {
      mainModule: input.main_module,
      modules: input.modules,
      bindings: input.bindings,
      containers: input.containers,
      migrations: input.migrations,
      compatibilityDate: input.compatibility_date,
      compatibilityFlags: input.compatibility_flags,
      annotations: given(input.annotations),
      kept: keptSettings(input),
      source,
    });
  }

  function previewUrls({ name, settings }: WorkerDoc, version: VersionDoc): string[] {
    if (!settings.subdomain.previews_enabled || !hasPreview(state, version)) return [];
    return [`http://${previewPrefix(version)}-${name}.${edgeDomain(services)}`];
  }

  /** Migrations are write-only; the modules come only when asked for. What is empty is left out, or Terraform would find a change. */
  function shown(worker: WorkerDoc, version: VersionDoc) {
    const bindings = shownBindings(version, worker.name, state);
    return {
      id: version.id,
      number: version.number,
      created_on: version.createdOn,
      source: version.source ?? "api",
      annotations: version.annotations,
      main_module: version.mainModule,
      urls: previewUrls(worker, version),
      ...(version.startupTimeMs === undefined ? {} : { startup_time_ms: version.startupTimeMs }),
      ...version.kept,
      ...(bindings.length > 0 ? { bindings } : {}),
      ...(version.compatibilityFlags.length > 0 ? { compatibility_flags: version.compatibilityFlags } : {}),
      ...(version.containers.length > 0 ? { containers: version.containers } : {}),
      ...(version.compatibilityDate ? { compatibility_date: version.compatibilityDate } : {}),
      ...(version.migrationTag ? { migration_tag: version.migrationTag } : {}),
    };
  }
}
