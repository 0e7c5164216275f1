/** Workers as scripts: bindings and settings of the deployed version, and those that belong to no version. */
import type { Context } from "hono";
import { z } from "zod";
import { errors, INVALID_INPUT } from "../../refusals";
import { Routes } from "../../routes";
import type { Services } from "../../services";
import type { VersionDoc, WorkerDoc } from "../../state/model";
import { checked } from "../../validation";
import { readBindings, shownBindings, withKept } from "../../workers/bindings";
import { MigrationsInput } from "../../workers/migrations";
import { liveDeployment, mainVersion } from "../../workers/releases";
import { changeLatest, versionsOf } from "../../workers/uploads";
import { jsonBody, parseJson } from "../body";
import { ok } from "../envelope";
import { findScript, findWorker } from "./find";
import { SECRETS } from "./multipart";
import { ScriptSettings, shownScriptSettings, withScriptSettings } from "./settings";
import { common } from "./shownScript";
import { given } from "../given";
import { Annotations, CompatibilityDate, sourceOf } from "./uploadInput";

/** What a change may name; what it does not stays. */
const Patch = z.object({
  annotations: Annotations,
  bindings: z.array(z.unknown()).optional(),
  compatibility_date: CompatibilityDate,
  compatibility_flags: z.array(z.string()).optional(),
  limits: z.unknown().optional(),
  migrations: MigrationsInput.optional(),
  placement: z.unknown().optional(),
  usage_model: z.enum(["standard", "bundled", "unbound"]).optional(),
  ...ScriptSettings.shape,
});

export function scriptSettingsRoutes(services: Services): Routes {
  const { state, releases, secrets, now } = services;
  const app = new Routes(
    "a change of `settings` is a version that is deployed at once, refused (10220) where the latest one does not run alone",
  );

  app.get("/:script/settings", (c) => {
    const { worker, version } = findScript(state, c.req.param("script"));
    return ok(c, shown(worker, version));
  });
  app.patch("/:script/settings", async (c) => {
    const { worker } = findScript(state, c.req.param("script"));
    const input = checked(Patch, await settingsIn(c), INVALID_INPUT.workers);
    const annotations = { ...given(input.annotations), "workers/triggered_by": "settings_update" };
    const source = sourceOf(c);
    const { compatibility_date, compatibility_flags, limits, migrations, placement, usage_model } = input;
    const version = await changeLatest(services, worker.id, {
      bindings: (latest) =>
        input.bindings
          ? readBindings(withKept(input.bindings, SECRETS, latest), latest, state, secrets)
          : latest.bindings,
      annotations,
      source,
      notDeployed: errors.settingsNotDeployed,
      changes: (latest) => ({
        kept: { ...latest.kept, ...given({ limits, placement, usage_model }) },
        ...(compatibility_date ? { compatibilityDate: compatibility_date } : {}),
        ...(compatibility_flags ? { compatibilityFlags: compatibility_flags } : {}),
        ...(migrations ? { migrations, migrated: false } : {}),
      }),
    });
    await releases.deploy(worker, [{ version_id: version.id, percentage: 100 }], annotations, source);
    saveSettings(worker, input);
    const after = findScript(state, worker.name);
    return ok(c, shown(after.worker, after.version));
  });

  app.get("/:script/script-settings", (c) =>
    ok(c, shownScriptSettings(findWorker(state, c.req.param("script")).settings)),
  );
  app.patch("/:script/script-settings", async (c) => {
    const input = await jsonBody(c, ScriptSettings, INVALID_INPUT.workers);
    return ok(c, shownScriptSettings(saveSettings(findWorker(state, c.req.param("script")), input)));
  });
  return app;

  function saveSettings({ id }: WorkerDoc, input: z.output<typeof ScriptSettings>) {
    const worker = findWorker(state, id);
    const settings = withScriptSettings(worker.settings, input);
    state.workers.put(id, { ...worker, settings, updatedOn: now().toISOString() });
    return settings;
  }

  function shown(worker: WorkerDoc, latest: VersionDoc) {
    const deployment = liveDeployment(state, worker.id);
    const version = deployment ? mainVersion(deployment, versionsOf(state, worker.id)) : latest;
    return {
      ...common(worker, version),
      annotations: version.annotations,
      bindings: shownBindings(version, worker.name, state),
      ...given({ limits: version.kept["limits"] }),
      compatibility_date: version.compatibilityDate ?? "",
      placement: version.kept["placement"] ?? {}, // Cloudflare's Terraform provider breaks down where there is none
    };
  }
}

/** The part `settings` of a form, which is JSON. */
async function settingsIn(c: Context): Promise<unknown> {
  const form = await c.req.formData().catch(() => undefined);
  const field = form?.get("settings") ?? null;
  if (field === null) throw errors.noForm();
  return parseJson(typeof field === "string" ? field : await field.text(), INVALID_INPUT.workers);
}
