import { copyFileSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Cloudflare } from "../cloudflare";
import { namesOf } from "../naming";
import { exportData } from "../providers/export/exportData";
import type { DataSource } from "../providers/export/source";
import type { Context } from "../providers/context";
import { findPlaces } from "../stored";
import { CHECKSUMS, checksumsOf } from "./checksums";
import { FleetError } from "./errors";
import { DOCUMENT, type ExportDocument, STACK_FILE, STORE, STORE_FILES } from "./exportFolder";
import type { Shop } from "./list";

/** The account that a shop is deployed in. */
export interface ShopAccount extends Cloudflare {
  readonly accountId: string;
}

/** Data of shoppers: for nobody's eyes but the one's who exports it. */
const ONLY_OWNER = 0o700;

/**
 * Writes a copy of a shop into a new folder: its files, what its account keeps for it, and a list of check sums. Until it is
 * complete, the folder's name ends in `.partial`.
 *
 * @param account undefined for the files alone
 * @returns what was written; `data` is undefined where nothing of the shop is in the account
 * @throws FleetError BAD_EXPORT where something is at `out` already
 */
export async function exportShop(
  { slug, stack, file, folder }: Shop,
  account: ShopAccount | undefined,
  out: string,
  now: () => number = Date.now,
): Promise<ExportDocument> {
  if (existsSync(out)) throw new FleetError("BAD_EXPORT", `${out} is there already; name a folder that is not`);
  const partial = `${out}.partial`;
  rmSync(partial, { recursive: true, force: true });
  mkdirSync(path.join(partial, STORE), { recursive: true, mode: ONLY_OWNER });
  try {
    copyFileSync(file, path.join(partial, STACK_FILE));
    const there = new Set(readdirSync(folder));
    for (const name of STORE_FILES.filter((each) => there.has(each))) {
      copyFileSync(path.join(folder, name), path.join(partial, STORE, name));
    }
    const data =
      account && (await exportData(contextOf(account, partial, now), await sourceOf(account, stack), "data"));
    const document: ExportDocument = {
      format: 1,
      slug,
      exportedAt: new Date(now()).toISOString(),
      stackFile: STACK_FILE,
      ...(data !== undefined && { data }),
    };
    writeFileSync(path.join(partial, DOCUMENT), `${JSON.stringify(document, null, 2)}\n`);
    writeFileSync(path.join(partial, CHECKSUMS), await checksumsOf(partial));
    renameSync(partial, out);
    return document;
  } finally {
    rmSync(partial, { recursive: true, force: true }); // of a failure; a complete one has another name by now
  }
}

/** Where the shop keeps its data, found by the names of things: no state is needed. */
async function sourceOf(account: ShopAccount, stack: string): Promise<DataSource> {
  const names = namesOf(stack);
  const { namespaces, bucket } = await findPlaces(account, names);
  const { accountId, api } = account;
  const databases = await api<{ uuid: string; name: string }[]>(
    "GET",
    `/accounts/${accountId}/d1/database?name=${names.database}`,
  );
  const databaseId = databases.find(({ name }) => name === names.database)?.uuid;
  return {
    accountId,
    kvNamespaces: namespaces,
    ...(databaseId !== undefined && { databaseId }),
    ...(bucket !== undefined && { bucketName: bucket }),
  };
}

const contextOf = ({ api, raw, edge, accountId }: ShopAccount, root: string, now: () => number): Context => ({
  api,
  raw,
  edge,
  accountId,
  root,
  now,
  sleep: (ms) => sleep(ms),
  pushImage: () => Promise.reject(new Error("an export pushes no image")),
  keyedHash: () => {
    throw new Error("an export keeps no secret");
  },
});
