import { resolve } from "node:path";
import { orNothing } from "../../../infra/cloudflare";
import type { Context } from "../../../infra/providers/context";
import { RESOURCES } from "../../../infra/providers/resources";
import { changesBetween, type Change } from "../engine/diff";
import { isObject, plain, type Props, type Value } from "../engine/values";
import { messageOf } from "../errors";
import type { StackAccount } from "../release/account";
import type { Found } from "./found";
import { schemaChanges } from "./schema";

export const TYPES = {
  migrations: "wandstore:index:D1Migrations",
  deployment: "wandstore:index:WorkersDeployment",
  version: "wandstore:index:WorkerVersion",
  cron: "cloudflare:index/workersCronTrigger:WorkersCronTrigger",
} as const;

const SCHEMA_REMEDY =
  "No deployment puts a database right. Restore it to a time before the change (wrangler d1 time-travel restore), or undo " +
  "the change in SQL by hand (wrangler d1 execute).";

const schedulesRemedy = (urn: string): string =>
  `Cloudflare's provider takes the schedules of its state for live, so no refresh sees them. Put them back by pulumi up --replace '${urn}'`;

/**
 * Adds to what a refresh sees: what of a Worker differs where another version of it runs, which tables were dropped or altered, and
 * schedules (Cloudflare's provider takes those of its state for live where none are left). Answers with what could not be
 * looked at.
 */
export async function lookCloser(account: StackAccount, resources: readonly Found[]): Promise<string[]> {
  const notes: string[] = [];
  const version = resources.find(({ type }) => type === TYPES.version);
  for (const found of resources) {
    if (found.live === "deleted") continue;
    try {
      if (found.type === TYPES.migrations) {
        found.live.push(...((await ofSchema(account, found)) ?? []));
        if (found.live.length > 0) found.byHand = SCHEMA_REMEDY;
      } else if (found.type === TYPES.deployment && version !== undefined) {
        found.live.push(...(await ofVersion(account, found, found.live, version)));
      } else if (found.type === TYPES.cron && found.live.length === 0) {
        found.live.push(...(await ofSchedules(account, found)));
        if (found.live.length > 0) found.byHand = schedulesRemedy(found.urn);
      }
    } catch (error) {
      notes.push(`${found.name} could not be looked at more closely: ${messageOf(error)}`);
    }
  }
  return notes;
}

function ofSchema({ api }: StackAccount, { inputs }: Found): Promise<Change[] | undefined> {
  const { accountId, databaseId, migrations } = plain(inputs);
  const files = (Array.isArray(migrations) ? migrations : []) as unknown as { name: string; sql: string }[];
  return schemaChanges(api, { accountId: String(accountId), databaseId: String(databaseId) }, files);
}

/** What the version that runs has otherwise than the one of the state. */
async function ofVersion(
  account: StackAccount,
  { inputs }: Found,
  changes: readonly Change[],
  version: Found,
): Promise<Change[]> {
  const running = changes.find(({ path }) => path === "versionId")?.after;
  if (typeof running !== "string") return [];
  const { inputs: live = {} } = await RESOURCES[TYPES.version]!.import(
    contextOf(account),
    `${account.accountId}/${String(inputs.scriptName)}/${running}`,
  );
  const [before, after] = [visible(version.inputs), visible(live as Props)];
  if (before.secrets === undefined) delete after.secrets; // the Pulumi CLI hides even their names
  return changesBetween(before, after, "free");
}

/** What a person compares of a version: its code by its hashes, of its secrets the names. */
function visible(inputs: Props): Props {
  const { mainModule, modules, compatibilityDate, compatibilityFlags, bindings, containers, secrets } = plain(inputs);
  const code = Array.isArray(modules) ? modules : [];
  return {
    modules: code.map((module) => (isObject(module) ? withoutFile(module) : module)),
    ...given({ mainModule, compatibilityDate, compatibilityFlags, bindings, containers }),
    ...(isObject(secrets) && { secrets: Object.keys(secrets).toSorted() }),
  };
}

const withoutFile = ({ file: _file, ...module }: Props): Props => module;
const given = (values: Record<string, Value | undefined>): Props =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Props;

async function ofSchedules({ api }: StackAccount, { inputs }: Found): Promise<Change[]> {
  const path = `/accounts/${String(inputs.accountId)}/workers/scripts/${String(inputs.scriptName)}/schedules`;
  const live = await orNothing(api<{ schedules: { cron: string }[] }>("GET", path));
  const [before, after] = [crons(inputs.schedules), crons((live?.schedules ?? []) as Value)];
  return changesBetween({ schedules: before }, { schedules: after }, "free");
}

const crons = (list: Value | undefined): Value =>
  (Array.isArray(list) ? list : []).map((one) => plain((one as Props).cron!));

/** Reading takes the doors alone. */
const contextOf = (account: StackAccount): Context => ({
  ...account,
  pushImage: () => Promise.reject(new Error("nothing is pushed while an account is looked at")),
  keyedHash: () => "",
  root: resolve("."),
  sleep: () => Promise.resolve(),
  now: Date.now,
});
