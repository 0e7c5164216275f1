/**
 * Addresses of single versions, deployed or not (developers.cloudflare.com/workers/versions-and-deployments/version-urls, formerly
 * preview URLs): the first eight digits of the version, or an alias, before the Worker's own name.
 */
import { errors } from "../refusals";
import type { State, VersionDoc, WorkerDoc } from "../state/model";
import { hasPendingMigrations } from "./migrations";

const PREFIX_LENGTH = 8;
/** RFC 1035, 2.3.4. */
const MAX_LABEL = 63;
const ALIAS = "workers/alias";

export interface PreviewedVersion {
  worker: WorkerDoc;
  version: VersionDoc;
}

export const previewPrefix = ({ id }: VersionDoc): string => id.slice(0, PREFIX_LENGTH);

/** None of a Worker that implements Durable Objects, containers among them. */
export function hasPreview(state: State, version: VersionDoc): boolean {
  const own = state.namespaces.find(({ workerId }) => workerId === version.workerId);
  return own === undefined && version.containers.length === 0 && !hasPendingMigrations(version);
}

/** The host names of a label below the account's subdomain: those that a browser finds on this machine, and Cloudflare's own. */
export const namesBelow = (label: string, workersSubdomain: string): string[] => {
  const below = `${label}.${workersSubdomain}`;
  return [`${label}.localhost`, ...(workersSubdomain === "" ? [] : [`${below}.localhost`, `${below}.workers.dev`])];
};

/** The version that a host name asks for, where its Worker's previews are enabled. Of two with one alias the newer one has it. */
export function findPreview(host: string, state: State, workersSubdomain: string): PreviewedVersion | undefined {
  const [label = ""] = host.split(".");
  if (!namesBelow(label, workersSubdomain).includes(host)) return undefined;
  for (const worker of state.workers.list()) {
    const suffix = `-${worker.name.toLowerCase()}`;
    if (!worker.settings.subdomain.previews_enabled || !label.endsWith(suffix)) continue;
    const prefix = label.slice(0, -suffix.length);
    const versions = state.versions.list().filter(({ workerId }) => workerId === worker.id);
    const version =
      versions.findLast((one) => previewPrefix(one) === prefix) ??
      versions.findLast(({ annotations }) => annotations[ALIAS] === prefix);
    if (version && hasPreview(state, version)) return { worker, version };
  }
  return undefined;
}

/** Refuses an alias that makes no host name with the Worker's. */
export function checkAlias({ name }: WorkerDoc, annotations: Record<string, string>): void {
  const alias = annotations[ALIAS];
  if (alias === undefined || `${alias}-${name}`.length <= MAX_LABEL) return;
  throw errors.invalidUpload(
    `annotations.${ALIAS}: "${alias}" and the Worker's name, with a dash between them, are over ${MAX_LABEL} characters`,
  );
}
