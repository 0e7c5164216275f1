import { orNothing } from "../../../infra/cloudflare";
import type { Names } from "../../../infra/naming";
import { digestOfTag } from "../../../infra/providers/registry/manifest";
import type { ReleaseRecord } from "../../../infra/release";
import type { StackAccount } from "./account";

/** What the account says of a stack now, whatever the records say. What is not there is left out. */
export interface Live {
  /** Versions of the Worker that get requests, with their shares. */
  readonly versions: readonly { readonly versionId: string; readonly percentage: number }[];
  readonly image?: string;
  /** Name of the last D1 migration that was applied. */
  readonly schemaLevel?: string;
  /** Tag of the last Durable Object migration. */
  readonly migrationTag?: string;
}

/** Asks the account what runs. @param record names the Worker and the application */
export async function readLive(account: StackAccount, names: Names, record: ReleaseRecord): Promise<Live> {
  const { api, accountId } = account;
  const { worker, generator } = record;
  const script = `/accounts/${accountId}/workers/scripts/${worker.scriptName}`;
  const [deployments, application, settings, schemaLevel] = await Promise.all([
    orNothing(api<Deployments>("GET", `${script}/deployments`)),
    orNothing(api<Application>("GET", `/accounts/${accountId}/containers/applications/${generator.applicationId}`)),
    orNothing(api<{ migration_tag?: string | null }>("GET", `${script}/settings`)),
    schemaOf(account, names.database),
  ]);
  const [live] = deployments?.deployments ?? [];
  return {
    versions: (live?.versions ?? []).map(({ version_id: versionId, percentage }) => ({ versionId, percentage })),
    ...(application === undefined ? {} : { image: application.configuration.image }),
    ...(typeof settings?.migration_tag === "string" ? { migrationTag: settings.migration_tag } : {}),
    ...(schemaLevel === undefined ? {} : { schemaLevel }),
  };
}

interface Deployments {
  deployments: { versions: { version_id: string; percentage: number }[] }[];
}
interface Application {
  configuration: { image: string };
}

/** The last migration of the database, from the table that wrangler and our provider keep. */
async function schemaOf({ api, accountId }: StackAccount, name: string): Promise<string | undefined> {
  const databases = `/accounts/${accountId}/d1/database`;
  const list = await api<{ uuid: string; name: string }[]>("GET", `${databases}?name=${encodeURIComponent(name)}`);
  const database = list.find((found) => found.name === name);
  if (database === undefined) return undefined;
  const sql = "SELECT name FROM d1_migrations ORDER BY id DESC LIMIT 1";
  const [answer] = await api<{ results: { name: string }[] }[]>("POST", `${databases}/${database.uuid}/query`, { sql });
  return answer?.results[0]?.name;
}

/** Whether Cloudflare still has the version of the Worker. */
export async function hasVersion(
  { api, accountId }: StackAccount,
  { scriptName, versionId }: ReleaseRecord["worker"],
): Promise<boolean> {
  const found = await orNothing(
    api<object>("GET", `/accounts/${accountId}/workers/workers/${scriptName}/versions/${versionId}`),
  );
  return found !== undefined;
}

const REGISTRY = "registry.cloudflare.com";
/** `registry.cloudflare.com/{account}/{repository}@{digest}` */
const IMAGE = /^[^/]+\/(?<repository>[^@]+)@(?<digest>sha256:[0-9a-f]{64})$/;
/** One question to the registry takes seconds. */
const CREDENTIALS_MINUTES = 5;

/** Whether the registry still has the image, by its digest. */
export async function hasImage({ api, accountId }: StackAccount, image: string): Promise<boolean> {
  const { repository, digest } = IMAGE.exec(image)?.groups ?? {};
  if (repository === undefined || digest === undefined) return false;
  const { registry_host, username, password } = await api<Record<string, string>>(
    "POST",
    `/accounts/${accountId}/containers/registries/${REGISTRY}/credentials`,
    { permissions: ["pull"], expiration_minutes: CREDENTIALS_MINUTES },
  );
  const opened = { registry: registry_host!, username: username!, password: password! };
  return (await digestOfTag({ ...opened, repository, tag: digest })) !== undefined;
}
