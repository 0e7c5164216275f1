/** D1: import of SQL text, brought to a signed address and run in one transaction when it is ingested. */
import { z } from "zod";
import { ApiError, errors, INVALID_INPUT } from "../../refusals";
import { Routes } from "../../routes";
import type { Services } from "../../services";
import { md5 } from "../../signedFiles";
import { uuid } from "../../state/ids";
import { jsonBody } from "../body";
import { ok } from "../envelope";
import { bookmark, d1Database } from "./find";
import { execute, objects, statementsOf } from "./queries";
import { keepBefore } from "./snapshots";

const etag = z.string().regex(/^[0-9a-f]{32}$/, "must be the MD5 of the file, as hexadecimal digits");
const Request = z.discriminatedUnion("action", [
  z.object({ action: z.literal("init"), etag }),
  z.object({ action: z.literal("ingest"), etag, filename: z.string() }),
  z.object({ action: z.literal("poll"), current_bookmark: z.string() }),
]);

export function d1ImportRoutes(services: Services): Routes {
  const { state, signedFiles } = services;
  const app = new Routes(
    "the text is brought to such an address, and run in one transaction; at most 20 at once, 100 MB each",
  );

  app.post("/:database/import", async (c) => {
    const database = d1Database(state, c.req.param("database"));
    const input = await jsonBody(c, Request, INVALID_INPUT.d1);
    const answer = { type: "import", at_bookmark: bookmark(database), messages: [] as string[] };
    switch (input.action) {
      case "init": {
        const filename = `${database.uuid}.${uuid()}.sql`;
        return ok(c, { ...answer, success: true, filename, upload_url: signedFiles.add(filename) });
      }
      case "ingest": {
        const text = signedFiles.brought(input.filename);
        if (text === undefined || !input.filename.startsWith(database.uuid))
          throw errors.d1ImportMissing(input.filename);
        if (md5(text) !== input.etag) throw errors.d1ImportEtag(input.etag);
        await keepBefore(services, database);
        return ok(c, { ...answer, ...(await ingest(database.uuid, text)) });
      }
      case "poll": // an ingestion is over when it is answered
        return ok(c, { ...answer, success: false, status: "error", error: "Not currently importing anything." });
    }
  });
  return app;

  async function ingest(id: string, text: string) {
    try {
      const statements = statementsOf({ sql: text });
      if (statements.length === 0) throw errors.d1Query("No SQL statements detected.");
      const results = await execute(services, id, statements, objects);
      const meta = { ...results.at(-1)?.meta, ...totals(results.map((result) => result.meta)) };
      const final_bookmark = bookmark(d1Database(state, id));
      return { success: true, status: "complete", result: { final_bookmark, num_queries: statements.length, meta } };
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      return { success: false, status: "error", error: error.message };
    }
  }
}

const COUNTED = ["rows_read", "rows_written", "changes", "duration"] as const;

/** What all statements did together. */
const totals = (metas: readonly Record<string, unknown>[]) =>
  Object.fromEntries(COUNTED.map((name) => [name, metas.reduce((sum, meta) => sum + Number(meta[name] ?? 0), 0)]));
