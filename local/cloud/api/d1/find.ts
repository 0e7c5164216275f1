import { errors } from "../../refusals";
import { UUID } from "../../state/ids";
import type { D1DatabaseDoc, State } from "../../state/model";

/** The database that a route names, or Cloudflare's refusal. */
export function d1Database(state: State, id: string): D1DatabaseDoc {
  const database = UUID.test(id) ? state.d1.get(id) : undefined;
  if (!database) throw errors.d1NotFound(id);
  return database;
}

/** Looks as Cloudflare's do, and grows with every write through the API. */
export function bookmark({ uuid, changes }: D1DatabaseDoc): string {
  const count = changes.toString(16).padStart(8, "0");
  return `${count}-00000000-00000000-${uuid.replaceAll("-", "")}`;
}
