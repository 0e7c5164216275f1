/** What the account has for all its Workers: the workers.dev subdomain, settings, and the Durable Object namespaces. */
import { z } from "zod";
import { Routes } from "../../routes";
import type { Services } from "../../services";
import { jsonBody } from "../body";
import { ok, okPage } from "../envelope";
import { errors, INVALID_INPUT } from "../../refusals";

const Subdomain = z.object({
  subdomain: z.string().regex(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/, "must be one label of a host name"),
});
const Settings = z.object({ default_usage_model: z.string(), green_compute: z.boolean() }).partial();
const DEFAULTS = { default_usage_model: "standard", green_compute: false };
const NAMESPACES_PAGE = { default: 20, max: 1000 };
const OBJECTS = { default: 1000, min: 10, max: 10_000 };

export function workersAccountRoutes({ account, saveAccount, state, host, releases }: Services): Routes {
  const app = new Routes("settings have no effect; of Durable Objects those are listed that have stored something");

  app.get("/subdomain", (c) => {
    if (account.workersSubdomain === "") throw errors.noSubdomain();
    return ok(c, { subdomain: account.workersSubdomain });
  });
  app.put("/subdomain", async (c) => {
    const { subdomain } = await jsonBody(c, Subdomain, INVALID_INPUT.workers);
    account.workersSubdomain = subdomain;
    saveAccount(account);
    releases.updateEdge();
    return ok(c, { subdomain });
  });
  app.delete("/subdomain", (c) => {
    account.workersSubdomain = "";
    saveAccount(account);
    releases.updateEdge();
    return c.body(null, 204);
  });

  app.get("/account-settings", (c) => ok(c, account.workersSettings ?? DEFAULTS));
  app.put("/account-settings", async (c) => {
    const { default_usage_model, green_compute } = await jsonBody(c, Settings, INVALID_INPUT.workers);
    const former = account.workersSettings ?? DEFAULTS;
    account.workersSettings = {
      default_usage_model: default_usage_model ?? former.default_usage_model,
      green_compute: green_compute ?? former.green_compute,
    };
    saveAccount(account);
    return ok(c, account.workersSettings);
  });

  app.get("/durable_objects/namespaces", (c) =>
    okPage(c, state.namespaces.list(), NAMESPACES_PAGE, ({ id, workerId, className, sqlite }) => {
      const script = state.workers.get(workerId)?.name ?? "";
      return { id, name: `${script}_${className}`, script, class: className, use_sqlite: sqlite };
    }),
  );
  app.get("/durable_objects/namespaces/:namespace/objects", async (c) => {
    const namespace = state.namespaces.get(c.req.param("namespace"));
    if (!namespace) throw errors.namespaceNotFound();
    const limit = Number(c.req.query("limit") ?? OBJECTS.default);
    if (!(limit >= OBJECTS.min && limit <= OBJECTS.max)) throw errors.namespaceLimit(OBJECTS.min, OBJECTS.max);
    const after = c.req.query("cursor") ?? "";
    const rest = (await host.durableObjects(namespace.id)).filter((id) => id > after);
    const page = rest.slice(0, limit);
    const cursor = rest.length > page.length ? page.at(-1) : "";
    const shown = page.map((id) => ({ id, hasStoredData: true }));
    return ok(c, shown, { info: { count: page.length, cursor } });
  });
  return app;
}
