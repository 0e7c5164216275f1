/**
 * What is kept for Time Travel: a bookmark that was asked for, with the data of its moment as the text that makes it again; and
 * one of before each change of the schema and each import. What Workers write in between nobody sees, so no moment can be had by
 * its time.
 */
import type { Services } from "../../services";
import type { D1DatabaseDoc, D1SnapshotDoc } from "../../state/model";
import { dump, NotExportable } from "./dump";
import { bookmark, d1Database } from "./find";

/** Of one database, of those that were asked for and of the others; the oldest makes room. */
export const MAX_KEPT = 20;
/** A larger database is kept only when somebody asks: each time costs as much as an export. */
const MAX_UNASKED_BYTES = 32 * 1024 * 1024;

/** The bookmark of the moment. What Workers wrote since the last one is seen by the data alone, and moves it too. */
export async function keepBookmark(services: Services, database: D1DatabaseDoc): Promise<string> {
  const text = await textOf(services, database);
  return text === undefined ? bookmark(database) : keep(services, database.uuid, text, {});
}

/** Keeps the data before it is changed by something that is likely to be undone; none of a database without tables. */
export async function keepBefore(services: Services, database: D1DatabaseDoc): Promise<void> {
  const { meta } = await (await services.host.d1(database.uuid)).prepare("SELECT 1").all();
  if (meta.size_after > MAX_UNASKED_BYTES) return;
  const text = await textOf(services, database);
  if (text !== undefined && /^CREATE /m.test(text)) await keep(services, database.uuid, text, { automatic: true });
}

/** The bookmarks next to a moment, which is what can be offered in its place. */
export function keptAround(services: Services, database: string, moment: Date): D1SnapshotDoc[] {
  const kept = snapshotsOf(services, database);
  const isBefore = ({ createdAt }: D1SnapshotDoc) => new Date(createdAt) <= moment;
  return [kept.find(isBefore), kept.findLast((snapshot) => !isBefore(snapshot))].flatMap((found) => found ?? []);
}

/** Removes what was kept of a database that is gone. */
export const forgetBookmarks = (services: Services, database: string): Promise<void> =>
  forget(services, snapshotsOf(services, database));

async function textOf({ host }: Services, { uuid }: D1DatabaseDoc): Promise<string | undefined> {
  try {
    return await dump(await host.d1(uuid), {});
  } catch (error) {
    if (error instanceof NotExportable) return undefined;
    throw error;
  }
}

async function keep(
  services: Services,
  uuid: string,
  text: string,
  how: Pick<D1SnapshotDoc, "automatic">,
): Promise<string> {
  const { state, snapshots, now } = services;
  const { sha256 } = await snapshots.put(Buffer.from(text));
  const database = d1Database(state, uuid); // it may have been written to while its text was made
  const kept = snapshotsOf(services, uuid);
  const same = kept.find(({ id }) => id === bookmark(database));
  if (same?.sha256 === sha256) {
    const { automatic, ...asked } = same;
    if (automatic && !how.automatic) state.d1Snapshots.put(same.id, asked);
    return same.id;
  }
  const current = same ? { ...database, changes: database.changes + 1 } : database;
  const id = bookmark(current);
  state.transaction(() => {
    state.d1.put(current.uuid, current);
    state.d1Snapshots.put(id, { id, database: current.uuid, createdAt: now().toISOString(), sha256, ...how });
  });
  const alike = kept.filter(({ automatic }) => automatic === how.automatic);
  await forget(services, alike.slice(MAX_KEPT - 1));
  return id;
}

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
