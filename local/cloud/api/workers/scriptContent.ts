/** Workers as scripts: the code of the deployed version, given back and replaced alone. */
import type { Context } from "hono";
import { errors } from "../../refusals";
import { Routes } from "../../routes";
import type { Services } from "../../services";
import type { VersionDoc } from "../../state/model";
import { keepModules } from "../../workers/modules";
import { startupTime } from "../../workers/startup";
import { liveDeployment, mainVersion } from "../../workers/releases";
import { changeLatest, versionsOf } from "../../workers/uploads";
import { ok } from "../envelope";
import { findScript } from "./find";
import { readContent } from "./multipart";
import { summary } from "./shownScript";
import { sourceOf } from "./uploadInput";

/** Which of the parts is the main module. */
const ENTRY_HEADER = "cf-entrypoint";

export function scriptContentRoutes(services: Services): Routes {
  const { state, modules, releases, host } = services;
  const app = new Routes("always a form with a part for each module");

  const content = async (c: Context) => {
    const version = deployed(c.req.param("script") ?? "");
    const form = new FormData();
    for (const { name, content_type, sha256 } of version.modules) {
      form.append(name, new File([new Uint8Array(await modules.read(sha256))], name, { type: content_type }));
    }
    return new Response(form, { headers: { [ENTRY_HEADER]: version.mainModule } });
  };
  app.get("/:script", content);
  app.get("/:script/content/v2", content);

  /** A new version with other code, deployed at once; its bindings and settings are those of the one before. */
  app.put("/:script/content", async (c) => {
    const { worker, version: former } = findScript(state, c.req.param("script"));
    const { mainModule, modules: uploaded } = await readContent(c);
    const code = await keepModules(uploaded, mainModule, modules, (input) =>
      startupTime(host, { ...former, mainModule }, input),
    );
    const annotations = { "workers/triggered_by": "upload" };
    const source = sourceOf(c);
    const version = await changeLatest(services, worker.id, {
      bindings: (latest) => latest.bindings,
      annotations,
      source,
      notDeployed: errors.settingsNotDeployed,
      changes: () => ({ mainModule, ...code }),
    });
    await releases.deploy(worker, [{ version_id: version.id, percentage: 100 }], annotations, source);
    return ok(c, summary(findScript(state, worker.name).worker, version));
  });
  return app;

  /** The version that answers; the latest one where none was deployed. */
  function deployed(script: string): VersionDoc {
    const { worker, version } = findScript(state, script);
    const deployment = liveDeployment(state, worker.id);
    return deployment ? mainVersion(deployment, versionsOf(state, worker.id)) : version;
  }
}
