import path from "node:path";
import { exportShop, type ShopAccount } from "../../../infra/fleet/exportShop";
import { say } from "../../display";
import { PROJECT_DIR } from "../../options";
import { findShop } from "../../shop/find";
import type { ShopOptions } from "../../shop/options";
import { withSession } from "../../session";
import { DeployError, stackAccount } from "../../../local/deploy";

export interface ExportOptions extends ShopOptions {
  readonly out: string;
  /** False with `--no-data`. */
  readonly data: boolean;
}

/** `wandstore shop export`: a copy of a shop's files and data that stands by itself. It takes no Pulumi CLI. */
export async function exportCopy(slug: string, options: ExportOptions): Promise<void> {
  const shop = findShop(slug);
  const out = path.resolve(options.out);
  const from = { projectDir: PROJECT_DIR, stack: shop.stack, env: process.env };
  const write = (account?: ShopAccount) => exportShop(shop, account, out);
  const document = !options.data
    ? await write()
    : options.local
      ? await withSession(options.stateDir, options.apiPort, (cloud) => write(stackAccount({ ...from, cloud })))
      : await write(realAccountOf(from));
  if (options.json) return say(JSON.stringify({ ...document, out }, null, 2));
  const data = document.data === undefined ? "; nothing of it is deployed there" : `, its data in ${document.data}`;
  say(
    `Shop ${slug} is in ${out}${options.data ? data : ", without data"}. To make it anew: wandstore shop create ${slug} --from ${options.out}`,
  );
}

/** An account that nobody names: the shop may be in the embedded cloud, where most are first. */
function realAccountOf(from: Parameters<typeof stackAccount>[0]): ShopAccount {
  try {
    return stackAccount(from);
  } catch (error) {
    if (!(error instanceof DeployError) || error.code !== "ACCOUNT_UNKNOWN") throw error;
    throw new DeployError("ACCOUNT_UNKNOWN", `${error.message}; or add --local for the embedded cloud`);
  }
}
