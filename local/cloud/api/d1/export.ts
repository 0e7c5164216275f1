/** D1: export as SQL text, complete with the first answer; the text is fetched from a signed address. */
import { z } from "zod";
import { INVALID_INPUT } from "../../refusals";
import { Routes } from "../../routes";
import type { Services } from "../../services";
import { jsonBody } from "../body";
import { ok } from "../envelope";
import { bookmark, d1Database } from "./find";
import { dump, NotExportable } from "./dump";

const Request = z.object({
  output_format: z.literal("polling"),
  /** Given by whoever asks again; the export is anew, which costs no more than keeping it. */
  current_bookmark: z.string().optional(),
  dump_options: z
    .object({
      no_data: z.boolean().optional(),
      no_schema: z.boolean().optional(),
      tables: z.array(z.string()).optional(),
    })
    .default({}),
});

export function d1ExportRoutes({ state, host, signedFiles }: Services): Routes {
  const app = new Routes(
    "complete with the first answer; the text is fetched from an address that nobody can guess and that ends after an hour or a restart",
  );

  app.post("/:database/export", async (c) => {
    const database = d1Database(state, c.req.param("database"));
    const { dump_options: options } = await jsonBody(c, Request, INVALID_INPUT.d1);
    const base = { type: "export", at_bookmark: bookmark(database), messages: [] as string[] };
    try {
      const { no_data: noData, no_schema: noSchema, tables } = options;
      const text = await dump(await host.d1(database.uuid), { noData, noSchema, tables });
      const filename = `${database.name}.${base.at_bookmark}.sql`;
      const result = { filename, signed_url: signedFiles.add(filename, text) };
      return ok(c, { ...base, success: true, status: "complete", result });
    } catch (error) {
      if (!(error instanceof NotExportable)) throw error;
      return ok(c, { ...base, success: false, status: "error", error: error.message });
    }
  });
  return app;
}
