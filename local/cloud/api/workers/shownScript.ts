/** A Worker in the words of the API of scripts. */
import { createHash } from "node:crypto";
import type { VersionDoc, WorkerDoc } from "../../state/model";
import { shownScriptSettings } from "./settings";

/** Changes with the code, and with nothing else. */
export const etagOf = ({ modules }: VersionDoc): string =>
  createHash("sha256")
    .update(modules.map(({ name, sha256 }) => `${name}\0${sha256}\n`).join(""))
    .digest("hex");

/** What a script and its settings both tell. */
export const common = (worker: WorkerDoc, version: VersionDoc) => ({
  compatibility_date: version.compatibilityDate,
  compatibility_flags: version.compatibilityFlags,
  ...shownScriptSettings(worker.settings),
  usage_model: version.kept["usage_model"],
  ...(worker.migrationTag ? { migration_tag: worker.migrationTag } : {}),
});

/** A script as it is listed. */
export const summary = (worker: WorkerDoc, version: VersionDoc) => ({
  id: worker.name,
  tag: worker.id,
  created_on: worker.createdOn,
  modified_on: worker.updatedOn,
  etag: etagOf(version),
  has_assets: false,
  has_modules: true,
  last_deployed_from: version.source ?? "api",
  ...common(worker, version),
});
