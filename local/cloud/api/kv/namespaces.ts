/** Workers KV: namespaces. */
import { z } from "zod";
import { nameText } from "../../validation";
import { Routes } from "../../routes";
import type { Services } from "../../services";
import { hexId } from "../../state/ids";
import { removeWithData } from "../../state/leftovers";
import type { KvNamespaceDoc } from "../../state/model";
import { jsonBody } from "../body";
import { ok, okPage } from "../envelope";
import { errors, INVALID_INPUT } from "../../refusals";

const Title = z.object({ title: nameText(512) });
const PAGE = { default: 20, max: 1000 };

const shown = ({ id, title }: KvNamespaceDoc) => ({ id, title, supports_url_encoding: true });

export function kvNamespaceRoutes({ state, host }: Services): Routes {
  const app = new Routes("whole");

  app.get("/", (c) => {
    const key = c.req.query("order") === "title" ? "title" : "id";
    const sign = c.req.query("direction") === "desc" ? -1 : 1;
    const all = state.kv.list().toSorted((a, b) => sign * (a[key] < b[key] ? -1 : 1));
    return okPage(c, all, PAGE, shown);
  });
  app.post("/", async (c) => {
    const { title } = await jsonBody(c, Title, INVALID_INPUT.kv);
    checkTitle(title);
    const namespace = { id: hexId(), title };
    state.kv.put(namespace.id, namespace);
    return ok(c, shown(namespace));
  });
  app.get("/:namespace", (c) => ok(c, shown(kvNamespace(state.kv.get(c.req.param("namespace"))))));
  app.put("/:namespace", async (c) => {
    const { title } = await jsonBody(c, Title, INVALID_INPUT.kv);
    const { id } = kvNamespace(state.kv.get(c.req.param("namespace")));
    checkTitle(title, id);
    state.kv.put(id, { id, title });
    return ok(c, shown({ id, title }));
  });
  app.delete("/:namespace", async (c) => {
    const { id } = kvNamespace(state.kv.get(c.req.param("namespace")));
    await removeWithData(state, host, { what: "kv", name: id }, () => state.kv.delete(id));
    return ok(c, {});
  });
  return app;

  function checkTitle(title: string, owner?: string): void {
    if (state.kv.find((other) => other.title === title && other.id !== owner)) throw errors.kvTitleExists();
  }
}

/** The namespace that a route names, or Cloudflare's refusal. */
export function kvNamespace(found: KvNamespaceDoc | undefined): KvNamespaceDoc {
  if (!found) throw errors.kvNamespaceNotFound();
  return found;
}
