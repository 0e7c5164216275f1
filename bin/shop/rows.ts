import { statSync } from "node:fs";
import type { StackOutputs } from "../../infra/fleet/engine";
import { readFacts } from "../../infra/fleet/facts";
import { listShops, type Shop } from "../../infra/fleet/list";
import { slugOf, stackOf } from "../../infra/fleet/slug";

/** `orphan`: deployed, and its stack's file is gone. `changed`: its files are not what was deployed. */
export type ShopState = "deployed" | "changed" | "not deployed" | "orphan";

export interface ShopRow {
  readonly slug: string;
  readonly stack: string;
  readonly state: ShopState;
  readonly name?: string;
  /** Undefined where its catalogue is at Shopify, and where its files cannot be read. */
  readonly products?: number;
  /** Why its files cannot be read. */
  readonly problem?: string;
  readonly release?: string;
  readonly build?: string;
  readonly address?: string;
  /** When it was last deployed, ISO 8601. */
  readonly deployedAt?: string;
}

/** What is known of the stacks that are deployed. */
export interface Deployed {
  /** When each was last changed, milliseconds since 1970. */
  readonly lastUpdates: ReadonlyMap<string, number>;
  outputs(stack: string): Promise<StackOutputs | undefined>;
}

/** Stacks that are asked at once: each takes a process of the CLI's. */
const AT_ONCE = 4;

/** Every shop of a project, and those that are deployed and whose stack's file is gone. */
export async function shopRows(projectDir: string, deployed: Deployed): Promise<ShopRow[]> {
  const shops = listShops(projectDir);
  const rows: ShopRow[] = [];
  const waiting = shops.entries();
  const take = async (): Promise<void> => {
    for (const [at, shop] of waiting) {
      const isKnown = deployed.lastUpdates.has(shop.stack);
      rows[at] = rowOf(shop, isKnown ? await deployed.outputs(shop.stack) : undefined, deployed);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, take));
  const known = new Set(shops.map(({ stack }) => stack));
  const gone = [...deployed.lastUpdates.keys()].flatMap((stack) => (known.has(stack) ? [] : (slugOf(stack) ?? [])));
  for (const slug of gone.toSorted()) {
    const outputs = await deployed.outputs(stackOf(slug));
    if (outputs !== undefined) rows.push({ ...deployedPart(stackOf(slug), outputs, deployed), slug, state: "orphan" });
  }
  return rows;
}

function rowOf(shop: Shop, outputs: StackOutputs | undefined, deployed: Deployed): ShopRow {
  const { files, version, ...facts } = readFacts(shop);
  const { slug, stack } = shop;
  if (outputs === undefined) return { slug, stack, ...facts, state: "not deployed" };
  const isOther = version !== undefined && outputs.catalogues?.[slug] !== version;
  const isNewer = newest(files) > (deployed.lastUpdates.get(stack) ?? 0);
  const state = isOther || isNewer ? "changed" : "deployed";
  return { slug, ...deployedPart(stack, outputs, deployed), ...facts, state };
}

function deployedPart(
  stack: string,
  outputs: StackOutputs,
  { lastUpdates }: Deployed,
): Omit<ShopRow, "slug" | "state"> {
  const { releaseId: release, generatorBuildId: build, defaultStorefront: address } = outputs;
  const at = lastUpdates.get(stack);
  return {
    stack,
    ...(release !== undefined && { release }),
    ...(build !== undefined && { build }),
    ...(address !== undefined && { address }),
    ...(at !== undefined && at > 0 && { deployedAt: new Date(at).toISOString() }),
  };
}

/** When the newest of some files was changed, milliseconds since 1970. */
const newest = (files: readonly string[]): number =>
  Math.max(0, ...files.map((file) => statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0));
