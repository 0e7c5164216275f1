import { randomBytes } from "node:crypto";
import type { DocumentStore } from "./documents";
import type { StateFolder } from "./folder";
import { hexId } from "./ids";
import { readOrCreatePrivateFile } from "./privateFile";

/** The one account of an embedded cloud, as it is kept. */
export interface Account {
  id: string;
  name: string;
  createdOn: string;
  userId: string;
  tokenId: string;
  /** The account's workers.dev subdomain; empty where it was given back. */
  workersSubdomain: string;
  /** Settings for all Workers, kept without an effect; absent until one was set. */
  workersSettings?: { default_usage_model: string; green_compute: boolean };
}

const TOKEN_BYTES = 30; // 40 characters in base64url, as long as Cloudflare's own tokens
const KIND = "account";
const ONLY = "only";

/** Reads the account, and makes it at the first start. */
export function openAccount(store: DocumentStore, now: Date): Account {
  const accounts = store.collection<Account>(KIND);
  const known = accounts.get(ONLY);
  if (known) return known;
  const account: Account = {
    id: hexId(),
    name: "Embedded cloud",
    createdOn: now.toISOString(),
    userId: hexId(),
    tokenId: hexId(),
    workersSubdomain: "wandstore",
  };
  accounts.put(ONLY, account);
  return account;
}

export function saveAccount(store: DocumentStore, account: Account): void {
  store.collection<Account>(KIND).put(ONLY, account);
}

/** The API token, made once; only in a file that its owner alone can read. */
export function openToken(folder: StateFolder): string {
  return readOrCreatePrivateFile(folder.token, () => randomBytes(TOKEN_BYTES).toString("base64url"));
}
