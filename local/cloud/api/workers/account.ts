/** What the account has for all its Workers: the workers.dev subdomain and the Durable Object namespaces. */
import { z } from "zod";
import { Routes } from "../../routes";
import type { Services } from "../../services";
import { jsonBody } from "../body";
import { ok, okPage } from "../envelope";
import { INVALID_INPUT } from "../../refusals";

const Subdomain = z.object({
  subdomain: z.string().regex(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/, "must be one label of a host name"),
});
const NAMESPACES_PAGE = { default: 20, max: 1000 };

export function workersAccountRoutes({ account, saveAccount, state, releases }: Services): Routes {
  const app = new Routes("whole");

  app.get("/subdomain", (c) => ok(c, { subdomain: account.workersSubdomain }));
  app.put("/subdomain", async (c) => {
    const { subdomain } = await jsonBody(c, Subdomain, INVALID_INPUT.workers);
    account.workersSubdomain = subdomain;
    saveAccount(account);
    releases.updateEdge();
    return ok(c, { subdomain });
  });

  app.get("/durable_objects/namespaces", (c) =>
    okPage(c, state.namespaces.list(), NAMESPACES_PAGE, ({ id, workerId, className, sqlite }) => {
      const script = state.workers.get(workerId)?.name ?? "";
      return { id, name: `${script}_${className}`, script, class: className, use_sqlite: sqlite };
    }),
  );
  return app;
}
