/** What is kept for Time Travel: a bookmark that was asked for, with the data of its moment as the text that makes it again. */
import type { Services } from "../../services";
import type { D1DatabaseDoc } from "../../state/model";
import { dump, NotExportable } from "./dump";
import { bookmark } from "./find";

/** Of one database; the oldest makes room. */
export const MAX_KEPT = 20;

/** The bookmark of the moment. What Workers wrote since the last one is seen by the data alone, and moves it too. */
export async function keepBookmark(services: Services, database: D1DatabaseDoc): Promise<string> {
  const { state, host, snapshots, now } = services;
  const text = await dump(await host.d1(database.uuid), {}).catch((error: unknown) => {
    if (error instanceof NotExportable) return undefined;
    throw error;
  });
  if (text === undefined) return bookmark(database);
  const { sha256 } = await snapshots.put(Buffer.from(text));
  const kept = snapshotsOf(services, database.uuid);
  const same = kept.find(({ id }) => id === bookmark(database));
  if (same?.sha256 === sha256) return same.id;
  const current = same ? { ...database, changes: database.changes + 1 } : database;
  const id = bookmark(current);
  state.transaction(() => {
    state.d1.put(current.uuid, current);
    state.d1Snapshots.put(id, { id, database: current.uuid, createdAt: now().toISOString(), sha256 });
  });
  await forget(services, kept.slice(MAX_KEPT - 1));
  return id;
}

/** Removes what was kept of a database that is gone. */
export const forgetBookmarks = (services: Services, database: string): Promise<void> =>
  forget(services, snapshotsOf(services, database));

/** Newest first. */
const snapshotsOf = ({ state }: Services, database: string) =>
  state.d1Snapshots
    .list()
    .filter((snapshot) => snapshot.database === database)
    .toReversed();

async function forget({ state, snapshots }: Services, gone: readonly { id: string; sha256: string }[]): Promise<void> {
  for (const { id } of gone) state.d1Snapshots.delete(id);
  const used = new Set(state.d1Snapshots.list().map(({ sha256 }) => sha256));
  await Promise.all(gone.filter(({ sha256 }) => !used.has(sha256)).map(({ sha256 }) => snapshots.remove(sha256)));
}
