import path from "node:path";
import { planShop, type NewShop, type NewShopOptions } from "../../../infra/fleet/create";
import { readBrand } from "../../../infra/fleet/brandFile";
import { FleetError } from "../../../infra/fleet/errors";
import { checkSlug, stackOf } from "../../../infra/fleet/slug";
import { removeUnfinished, writeShop } from "../../../infra/fleet/write";
import { readOutputs } from "../../../local/deploy";
import { complain, say } from "../../display";
import { createdLines, upDocument, upLines } from "../../display/shop";
import { Failure } from "../../failure";
import { PROJECT_DIR } from "../../options";
import { askFor } from "../../shop/ask";
import { type BrandOptions, sayingsOf } from "../../shop/brandOptions";
import { judgePolicies } from "../../shop/judge";
import type { ShopOptions } from "../../shop/options";
import { upShop, type ShopUp } from "../../shop/up";

export interface CreateOptions extends ShopOptions, BrandOptions {
  readonly from?: string;
  readonly shopify?: string;
  readonly brand?: string;
  readonly budget?: number;
  readonly skipBadRows: boolean;
  readonly up: boolean;
}

/** `wandstore shop create`: a merchant's export becomes a shop's files, after all checks; with `--up` it is deployed, too. */
export async function create(slug: string, options: CreateOptions): Promise<void> {
  const { json, stateDir } = options;
  removeUnfinished(PROJECT_DIR);
  checkNotDeployed(checkSlug(slug), stateDir);
  const brand = options.brand === undefined ? undefined : readBrand(path.resolve(options.brand));
  const canAsk = process.stdin.isTTY && process.stderr.isTTY && !json;
  const made = await planShop({
    projectDir: PROJECT_DIR,
    slug,
    from: sourceOf(options),
    said: { ...brand?.sayings, ...sayingsOf(options) },
    more: { ...brand?.more, ...(options.skipBadRows && { onBadRow: "skip" }) },
    budgetUsd: options.budget,
    ...(canAsk && { ask: askFor }),
    onProgress: complain,
  });
  const advice: string[] = [];
  await writeShop(PROJECT_DIR, made, async (configFile) => {
    // An up judges the same before it makes anything; what it would refuse has to be found before the shop is there.
    advice.push(...(await judgePolicies(made.shop.stack, configFile)));
  });
  if (!json) for (const line of createdLines(made, advice, options)) say(line);
  const up = options.up ? await upShop(made.shop, options) : undefined;
  if (json) say(JSON.stringify(documentOf(made, advice, up), null, 2));
  else if (up) for (const line of upLines(up)) say(line);
}

function sourceOf({ from, shopify }: CreateOptions): NewShopOptions["from"] {
  if (from !== undefined && shopify !== undefined) {
    throw new Failure("USAGE", "--from and --shopify contradict each other: the products come from one of them");
  }
  if (shopify !== undefined) return { domain: shopify };
  if (from !== undefined) return { path: path.resolve(from) };
  throw new Failure(
    "USAGE",
    "nobody says where the products are: name the export with --from export.csv (or .json), or the shop with --shopify tea-house.myshopify.com",
  );
}

/** What an earlier shop of this name left in the embedded cloud would become the new one's. */
function checkNotDeployed(slug: string, stateDir: string): void {
  const stack = stackOf(slug);
  if (readOutputs({ projectDir: PROJECT_DIR, stateDir, stack, showSecrets: false }) === undefined) return;
  throw new FleetError(
    "SHOP_EXISTS",
    `a shop "${slug}" is deployed in ${stateDir}, with its data: destroy it ("wandstore shop destroy ${slug} --local"), or choose another slug`,
  );
}

function documentOf(
  { shop, files, store, assumed }: NewShop,
  advice: readonly string[],
  up: ShopUp | undefined,
): object {
  return {
    shop: shop.slug,
    stack: shop.stack,
    files: [...[...files.keys()].map((name) => path.join(shop.folder, name)), shop.file],
    products: store.record.catalogue.products.length,
    unpublished: store.unpublished.length,
    skipped: store.skipped.length,
    assumed: Object.fromEntries(assumed),
    advice,
    ...(up && { up: upDocument(up) }),
  };
}
