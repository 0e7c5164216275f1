import path from "node:path";
import { FleetError } from "../../infra/fleet/errors";
import type { Shop } from "../../infra/fleet/list";
import { type Amounts, EACH_SHOP, judgeQuota, ownNames, type Quota, quotaRefusal } from "../../infra/fleet/run/quota";
import { offlineConfig, readPolicyThresholds, type StackAccount } from "../../local/deploy";
import { ACCOUNT_LIMITS, accountLimits } from "../../policies/rules/accountLimits";
import { limitsOf } from "../../policies/thresholds";
import { SIZES } from "../../policies/use";
import { PROJECT_DIR } from "../options";

/** Most that Cloudflare gives in one page of these lists. */
const PER_PAGE = 100;
/** A list that is longer says no more: no account has so much. */
const MOST_PAGES = 1_000;

interface Pool {
  readonly size?: number;
  readonly instanceType?: string;
}

/**
 * Whether the accounts that shops are in have room for all of them, those that are there already counted once.
 * @throws FleetError QUOTA_EXCEEDED with what was found, what is allowed and what to do
 */
export async function checkQuotas(
  shops: readonly Shop[],
  accountOf: (stack: string) => Promise<StackAccount>,
): Promise<void> {
  for (const together of Map.groupBy(shops, accountIdOf).values()) {
    await checkQuota(together, await accountOf(together[0]!.stack));
  }
}

const accountIdOf = ({ stack }: Shop): string =>
  offlineConfig(PROJECT_DIR, stack, process.env).values["wandstore:accountId"] ?? "";

async function checkQuota(shops: readonly Shop[], account: StackAccount): Promise<void> {
  const names = new Set(shops.flatMap(({ stack }) => namesIn(stack)));
  const there = await amountsBesides(names, account);
  const set = readPolicyThresholds(path.join(PROJECT_DIR, "policies/config.json"), accountLimits.name);
  const lines = judgeQuota(shops.map(amountsOf), there, limitsOf(ACCOUNT_LIMITS, set));
  const refusal = quotaRefusal(lines, shops.length);
  if (refusal !== undefined) throw new FleetError("QUOTA_EXCEEDED", refusal);
}

/** What all that a stack owns is called. */
function namesIn(stack: string): string[] {
  const own = offlineConfig(PROJECT_DIR, stack, process.env).values["wandstore:worker"];
  const { name } = JSON.parse(own ?? "{}") as { name?: string };
  return ownNames(stack, name);
}

function amountsOf({ stack }: Shop): Amounts {
  const { values } = offlineConfig(PROJECT_DIR, stack, process.env);
  const { size = 10, instanceType = "lite" } = JSON.parse(values["wandstore:pool"] ?? "{}") as Pool;
  return { ...EACH_SHOP, ...containers(size, instanceType) };
}

const containers = (count: number, type: string): Amounts => {
  const { vcpu, memoryGib, diskGb } = SIZES[type] ?? { vcpu: 0, memoryGib: 0, diskGb: 0 };
  return { vcpu: vcpu * count, memoryGib: memoryGib * count, diskGb: diskGb * count };
};

/** What is in the account besides the things of those names; a list that the token does not open is left out. */
async function amountsBesides(names: ReadonlySet<string>, { api, accountId }: StackAccount): Promise<Amounts> {
  const all = async <Item>(what: string): Promise<Item[] | undefined> => {
    const items: Item[] = [];
    for (let page = 1; page <= MOST_PAGES; page += 1) {
      const query = `page=${page}&per_page=${PER_PAGE}`;
      const found = await api<Item[]>("GET", `/accounts/${accountId}/${what}?${query}`).catch(() => undefined);
      if (found === undefined) return undefined;
      items.push(...found);
      if (found.length < PER_PAGE) break;
    }
    return items;
  };
  const others = <Item>(items: Item[] | undefined, nameOf: (item: Item) => string | undefined): Item[] | undefined =>
    items?.filter((item) => !names.has(nameOf(item) ?? ""));
  const one = async <Item>(what: string): Promise<Item[] | undefined> =>
    api<Item[]>("GET", `/accounts/${accountId}/${what}`).catch(() => undefined);

  const workers = others(await one<{ id: string }>("workers/scripts"), ({ id }) => id);
  const classes = others(await all<{ script?: string }>("workers/durable_objects/namespaces"), ({ script }) => script);
  const namespaces = others(await all<{ title: string }>("storage/kv/namespaces"), ({ title }) => title);
  const databases = others(await all<{ name: string }>("d1/database"), ({ name }) => name);
  const applications = others(await one<Application>("containers/applications"), ({ name }) => name);
  const counts = {
    workers: workers?.length,
    // Only ours are sure to have one: asking each Worker would take a request of each.
    crons: workers?.filter(({ id }) => id.startsWith("wandstore-")).length,
    classes: classes?.length,
    kvNamespaces: namespaces?.length,
    databases: databases?.length,
    ...(applications && sumOf(applications)),
  };
  return Object.fromEntries(Object.entries(counts).filter(([, count]) => count !== undefined)) as Amounts;
}

interface Application {
  readonly name: string;
  readonly max_instances?: number;
  readonly instances?: number;
  readonly configuration?: { readonly instance_type?: string };
}

function sumOf(applications: readonly Application[]): Amounts {
  const each = applications.map(({ max_instances: most, instances = 0, configuration }) =>
    containers(most ?? instances, configuration?.instance_type ?? "lite"),
  );
  const sum = (quota: Quota): number => each.reduce((total, amounts) => total + (amounts[quota] ?? 0), 0);
  return { vcpu: sum("vcpu"), memoryGib: sum("memoryGib"), diskGb: sum("diskGb") };
}
