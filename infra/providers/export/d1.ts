import { join } from "node:path";
import { isLoopback } from "../registry/address";
import type { Context } from "../context";
import { writeNew, type Written } from "./files";
import { exists } from "./pages";
import { patiently } from "./patience";

export interface D1Export extends Written {
  readonly databaseId: string;
  readonly file: string;
}

/** The answer of `POST …/export`, as far as it is read (d1-export-database in Cloudflare's description of its API). */
interface ExportState {
  readonly status?: "active" | "complete" | "error";
  readonly at_bookmark?: string;
  readonly error?: string;
  readonly result?: { readonly signed_url?: string };
}

/** An export that nobody asks after is cancelled. */
const POLL_MS = 1_000;
/** D1 takes 10 GB at the most. */
const EXPORT_DEADLINE_MS = 30 * 60_000;

/** Writes a database as SQL into `d1.sql` of a folder; undefined where the database is gone. */
export async function exportD1(
  context: Context,
  accountId: string,
  databaseId: string,
  folder: string,
): Promise<D1Export | undefined> {
  const path = `/accounts/${accountId}/d1/database/${databaseId}`;
  if (!(await exists(context, path))) return undefined;
  const url = await exportedAt(context, `${path}/export`);
  const file = "d1.sql";
  return { databaseId, file, ...(await writeNew(join(folder, file), download(url))) };
}

/** Asks for the export until it is complete; answers with the address of the SQL, which opens it for an hour. */
async function exportedAt(context: Context, path: string): Promise<URL> {
  const end = context.now() + EXPORT_DEADLINE_MS;
  let bookmark: string | undefined;
  while (context.now() < end) {
    const body = { output_format: "polling", ...(bookmark === undefined ? {} : { current_bookmark: bookmark }) };
    const state = await patiently(context, () => context.api<ExportState>("POST", path, body, { idempotent: true }));
    const { status, result, at_bookmark: at } = state;
    if (status === "complete") return addressOf(result?.signed_url);
    if (status !== "active")
      throw new Error(`D1 could not export the database: ${state.error ?? "it does not say why"}`);
    bookmark = at ?? bookmark;
    await context.sleep(POLL_MS);
  }
  throw new Error(`D1 had not exported the database after ${EXPORT_DEADLINE_MS / 60_000} minutes; try again`);
}

/** The address is a key to the data: it is in no message. */
function addressOf(text = ""): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url && (url.protocol === "https:" || isLoopback(url.host))) return url;
  throw new Error("D1 has exported the database and gave no https address to download it from");
}

async function* download(url: URL): AsyncGenerator<Uint8Array> {
  const answer = await fetch(url, { signal: AbortSignal.timeout(EXPORT_DEADLINE_MS) }).catch((cause: unknown) => {
    throw new Error(`${url.host} did not give the exported SQL`, { cause });
  });
  if (!answer.ok || !answer.body)
    throw new Error(`${url.host} answered ${answer.status} when asked for the exported SQL`);
  yield* answer.body;
}
