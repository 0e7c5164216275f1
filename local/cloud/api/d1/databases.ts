/** D1: databases. */
import { z } from "zod";
import { nameText } from "../../validation";
import { Routes } from "../../routes";
import type { Services } from "../../services";
import { uuid } from "../../state/ids";
import { removeWithData } from "../../state/leftovers";
import type { D1DatabaseDoc } from "../../state/model";
import { jsonBody } from "../body";
import { ok, okPage } from "../envelope";
import { errors, INVALID_INPUT } from "../../refusals";
import { d1Database } from "./find";
import { forgetBookmarks } from "./snapshots";

const ReadReplication = z.object({ mode: z.enum(["auto", "disabled"]) });
const Create = z.object({
  name: nameText(255),
  jurisdiction: z.enum(["eu", "fedramp", "us"]).optional(),
  primary_location_hint: z.enum(["wnam", "enam", "weur", "eeur", "apac", "oc"]).optional(),
  read_replication: ReadReplication.optional(),
});
const Update = z.object({ read_replication: ReadReplication });
const PAGE = { default: 1000, max: 10_000 };

export function d1DatabaseRoutes(services: Services): Routes {
  const { state, host, now } = services;
  const app = new Routes("whole; a single one is found by its name, too");

  app.get("/", (c) => {
    const name = c.req.query("name");
    const all = state.d1.list().filter((database) => !name || database.name.includes(name));
    return okPage(c, all, PAGE, listed);
  });
  app.post("/", async (c) => {
    const { name, jurisdiction, read_replication } = await jsonBody(c, Create, INVALID_INPUT.d1);
    if (state.d1.find((other) => other.name === name)) throw errors.d1NameExists(name);
    const database: D1DatabaseDoc = {
      uuid: uuid(),
      name,
      createdAt: now().toISOString(),
      changes: 0,
      ...(read_replication ? { readReplication: read_replication } : {}),
      ...(jurisdiction ? { jurisdiction } : {}),
    };
    state.d1.put(database.uuid, database);
    return ok(c, { ...listed(database), ...replication(database) });
  });
  /** By its name too, which wrangler asks for; `fields` names those that are wanted. */
  app.get("/:database", async (c) => {
    const wanted = c.req.param("database");
    const shown = await details(state.d1.find(({ name }) => name === wanted) ?? d1Database(state, wanted));
    const fields = c.req.query("fields")?.split(",");
    return ok(c, fields ? Object.fromEntries(Object.entries(shown).filter(([name]) => fields.includes(name))) : shown);
  });
  app.on(["PUT", "PATCH"], "/:database", async (c) => {
    const { read_replication } = await jsonBody(c, Update.partial(), INVALID_INPUT.d1);
    const database = d1Database(state, c.req.param("database"));
    const changed = { ...database, ...(read_replication ? { readReplication: read_replication } : {}) };
    state.d1.put(database.uuid, changed);
    return ok(c, await details(changed));
  });
  app.delete("/:database", async (c) => {
    const { uuid: id } = d1Database(state, c.req.param("database"));
    await removeWithData(state, host, { what: "d1", name: id }, () => state.d1.delete(id));
    await forgetBookmarks(services, id);
    return ok(c, null);
  });
  return app;

  async function details(database: D1DatabaseDoc) {
    const d1 = await host.d1(database.uuid);
    const tables = "SELECT count(*) AS n FROM sqlite_master WHERE type = 'table' AND name NOT GLOB '_cf_*'";
    const { results, meta } = await d1.prepare(tables).all<{ n: number }>();
    return {
      ...listed(database),
      ...replication(database),
      num_tables: results[0]?.n ?? 0,
      file_size: meta.size_after,
    };
  }
}

const listed = ({ uuid: id, name, createdAt, jurisdiction }: D1DatabaseDoc) => ({
  uuid: id,
  name,
  version: "production",
  created_at: createdAt,
  ...(jurisdiction ? { jurisdiction } : {}),
});

/** Only where it was set: a client that never set it would take the default for a change, and undo it for ever. */
const replication = ({ readReplication }: D1DatabaseDoc) =>
  readReplication ? { read_replication: readReplication } : {};
