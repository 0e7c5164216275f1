/** D1: Time Travel, to the bookmarks that were asked for and to no other moment. */
import { z } from "zod";
import type { D1Data } from "../../host";
import { errors, type ApiError } from "../../refusals";
import { Routes } from "../../routes";
import type { Services } from "../../services";
import type { D1DatabaseDoc } from "../../state/model";
import { ok } from "../envelope";
import { d1Database } from "./find";
import { execute, objects } from "./queries";
import { keepBookmark, keptAround, MAX_KEPT } from "./snapshots";
import { splitStatements } from "./statements";

const BOOKMARK = /^[0-9a-f]{8}-[0-9a-f]{8}-[0-9a-f]{8}-[0-9a-f]{32}$/;
/** What goes before the old data comes back: triggers first, so that none fires. */
const OBJECTS = `SELECT type, name FROM sqlite_schema WHERE type IN ('trigger', 'view', 'table')
  AND name NOT GLOB '_cf_*' AND name NOT GLOB 'sqlite_*' ORDER BY CASE type WHEN 'table' THEN 1 ELSE 0 END`;

export function d1TimeTravelRoutes(services: Services): Routes {
  const { state, host, snapshots } = services;
  const app = new Routes(
    `back to the ${MAX_KEPT} bookmarks that were asked for last, and to as many of before imports and changes of the schema over the API (of databases up to 32 MiB); not to a moment by its time (501, which names the bookmarks next to it). A bookmark moves with what is written, also by Workers. None is kept of a database with virtual tables`,
  );

  app.get("/:database/time_travel/bookmark", async (c) => {
    const database = d1Database(state, c.req.param("database"));
    const { timestamp } = c.req.query();
    if (timestamp) throw byTime("the bookmark of a moment by its time", database, timestamp);
    return ok(c, { bookmark: await keepBookmark(services, database) });
  });

  app.post("/:database/time_travel/restore", async (c) => {
    const database = d1Database(state, c.req.param("database"));
    const { bookmark: wanted, timestamp } = c.req.query();
    if (wanted === undefined) {
      if (timestamp === undefined) throw errors.d1Moment("bookmark: a bookmark or a timestamp is needed");
      throw byTime("the restoration of a database to a moment by its time", database, timestamp);
    }
    if (!BOOKMARK.test(wanted)) throw errors.d1Moment(`bookmark: "${wanted}" is no bookmark`);
    const snapshot = state.d1Snapshots.get(wanted);
    if (snapshot?.database !== database.uuid) throw errors.d1NoHistory();
    const text = (await snapshots.read(snapshot.sha256)).toString("utf8");
    const previous = await keepBookmark(services, database);
    const clearing = await dropping(await host.d1(database.uuid));
    const statements = [...clearing, ...splitStatements(text)].map((sql) => ({ sql, params: [] }));
    await execute(services, database.uuid, statements, objects);
    return ok(c, {
      bookmark: wanted,
      previous_bookmark: previous,
      message: `Database ${database.name} was restored to bookmark ${wanted}`,
    });
  });
  return app;

  /** Every write would have to be kept. What is kept is named, so that whoever asks can choose. */
  function byTime(what: string, { uuid }: D1DatabaseDoc, timestamp: string): ApiError {
    if (!z.iso.datetime({ offset: true }).safeParse(timestamp).success) {
      return errors.d1Moment(`timestamp: "${timestamp}" is no time`);
    }
    const around = keptAround(services, uuid, new Date(timestamp)).map(({ id, createdAt }) => `${id} of ${createdAt}`);
    const instead =
      around.length === 0
        ? "no bookmark is kept of this one: ask for one before what you may want to undo"
        : `the kept bookmarks next to it are ${around.join(" and ")}`;
    return errors.unsupported(`${what}; ${instead}`);
  }
}

async function dropping(d1: D1Data): Promise<string[]> {
  const { results } = await d1.prepare(OBJECTS).all<{ type: string; name: string }>();
  const drops = results.map(({ type, name }) => `DROP ${type} "${name.replaceAll('"', '""')}"`);
  return ["PRAGMA defer_foreign_keys = TRUE", ...drops];
}
