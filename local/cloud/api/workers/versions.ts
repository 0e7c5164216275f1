/** Versions of a Worker: code, bindings and settings that are deployed together. */
import { Hono } from "hono";
import { z } from "zod";
import type { Services } from "../../services";
import { uuid } from "../../state/ids";
import type { VersionDoc, WorkerDoc } from "../../state/model";
import { readBindings, shownBinding } from "../../workers/bindings";
import { MigrationsInput } from "../../workers/migrations";
import { keepModules, ModuleInput } from "../../workers/modules";
import { jsonBody } from "../body";
import { ok, okPage } from "../envelope";
import { errors, INVALID_INPUT } from "../../refusals";
import { findVersion, findWorker, versionsOf } from "./find";
import { removeVersion } from "./remove";

const VersionInput = z.object({
  main_module: z.string().min(1),
  modules: z.array(ModuleInput).min(1),
  bindings: z.array(z.unknown()).default([]),
  containers: z.array(z.object({ class_name: z.string().min(1) })).default([]),
  migrations: MigrationsInput.optional(),
  compatibility_date: z.iso.date().optional(),
  compatibility_flags: z.array(z.string()).default([]),
  annotations: z
    .object({ "workers/message": z.string().max(1000).optional(), "workers/tag": z.string().max(100).optional() })
    .default({}),
  // Kept and given back, without an effect here.
  limits: z.unknown().optional(),
  placement: z.unknown().optional(),
  cache_options: z.unknown().optional(),
  package_dependencies: z.unknown().optional(),
  usage_model: z.enum(["standard", "bundled", "unbound"]).default("standard"),
  // Known to Cloudflare, but not to the embedded cloud.
  assets: z.unknown().optional(),
  exports: z.unknown().optional(),
});
type VersionInput = z.output<typeof VersionInput>;

const PAGE = { default: 10, max: 100 };

export function versionRoutes(services: Services): Hono {
  const { state, modules, releases } = services;
  const app = new Hono();

  app.get("/:worker/versions", (c) => {
    const worker = findWorker(state, c.req.param("worker"));
    return okPage(c, versionsOf(state, worker.id), PAGE, (version) => shown(worker, version));
  });
  app.post("/:worker/versions", async (c) => {
    const worker = findWorker(state, c.req.param("worker"));
    const version = await upload(worker, await jsonBody(c, VersionInput, INVALID_INPUT.workers));
    if (c.req.query("deploy") === "true") {
      await releases.deploy(worker, [{ version_id: version.id, percentage: 100 }], {});
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
  app.delete("/:worker/versions/:version", async (c) => {
    const worker = findWorker(state, c.req.param("worker"));
    await removeVersion(services, findVersion(state, worker, c.req.param("version")));
    return ok(c, null);
  });
  return app;

  async function upload(worker: WorkerDoc, input: VersionInput): Promise<VersionDoc> {
    if (input.assets !== undefined && input.assets !== null) throw errors.unsupported("static assets of a Worker");
    if (input.exports !== undefined && input.exports !== null)
      throw errors.unsupported("declarative exports of a Worker");
    return releases.exclusively(async () => {
      const stored = await keepModules(input.modules, input.main_module, modules);
      const current = findWorker(state, worker.id);
      const version = versionOf(current, input, stored);
      releases.check(current, version);
      state.transaction(() => {
        state.workers.put(current.id, { ...current, lastVersionNumber: version.number });
        state.versions.put(version.id, version);
      });
      return version;
    });
  }

  function versionOf(
    worker: WorkerDoc,
    input: VersionInput,
    stored: Awaited<ReturnType<typeof keepModules>>,
  ): VersionDoc {
    const { limits, placement, cache_options, package_dependencies, usage_model } = input;
    const number = worker.lastVersionNumber + 1;
    const latest = versionsOf(state, worker.id)[0];
    return {
      id: uuid(),
      workerId: worker.id,
      number,
      createdOn: services.now().toISOString(),
      annotations: { ...given(input.annotations), "workers/triggered_by": number === 1 ? "upload" : "version_upload" },
      bindings: readBindings(input.bindings, latest, state, services.secrets),
      compatibilityFlags: input.compatibility_flags,
      containers: input.containers,
      mainModule: input.main_module,
      ...stored,
      migrated: false,
      kept: { ...given({ limits, placement, cache_options, package_dependencies }), usage_model },
      ...(input.compatibility_date ? { compatibilityDate: input.compatibility_date } : {}),
      ...(input.migrations ? { migrations: input.migrations } : {}),
    };
  }

  /** Migrations are write-only; the modules come only when asked for. */
  function shown(worker: WorkerDoc, version: VersionDoc) {
    return {
      id: version.id,
      number: version.number,
      created_on: version.createdOn,
      source: "api",
      annotations: version.annotations,
      main_module: version.mainModule,
      bindings: version.bindings.map((binding) => shownBinding(binding, worker.name, state)),
      compatibility_flags: version.compatibilityFlags,
      urls: [],
      ...(version.startupTimeMs === undefined ? {} : { startup_time_ms: version.startupTimeMs }),
      ...version.kept,
      ...(version.containers.length > 0 ? { containers: version.containers } : {}),
      ...(version.compatibilityDate ? { compatibility_date: version.compatibilityDate } : {}),
      ...(version.migrationTag ? { migration_tag: version.migrationTag } : {}),
    };
  }
}

/** Leaves out what was not given. */
function given<T>(values: Record<string, T | undefined>): Record<string, T> {
  return Object.fromEntries(
    Object.entries(values).filter(([, value]) => value !== undefined && value !== null),
  ) as Record<string, T>;
}
