/** Containers as the dashboard lists them, which wrangler's lists are made of; described nowhere but in wrangler's own client. */
import type { Context } from "hono";
import { Routes } from "../../routes";
import type { Services } from "../../services";
import { ok, wholeNumber } from "../envelope";
import { findApplication } from "./applications";
import { healthOf } from "./health";

const PAGE = { default: 25, max: 1000 };

export function containerDashRoutes({ state, host }: Services): Routes {
  const app = new Routes("as far as wrangler lists it; described nowhere");

  app.get("/dash/applications", (c) => {
    const { items, info } = page(c, state.applications.list());
    const shown = items.map(({ id, name, version, configuration, createdAt, updatedAt, namespaceId }) => {
      const health = healthOf(host, namespaceId);
      return {
        id,
        name,
        version,
        image: configuration.image,
        instances: health.instances.active,
        health,
        created_at: createdAt,
        updated_at: updatedAt,
      };
    });
    return ok(c, shown, { info });
  });
  app.get("/dash/applications/:application/instances", (c) => {
    const application = findApplication(state, c);
    const { items, info } = page(c, host.instances(application.namespaceId));
    const instances = items.map(({ id, image, state: status, startedAt }) => ({
      id,
      image,
      app_version: application.version,
      location: "local",
      created_at: startedAt,
      current_placement: { status: { container_status: status, health: status } },
    }));
    return ok(c, { instances }, { info });
  });
  return app;
}

/** One page of a list; the token of the next one is where it begins. */
function page<T>(c: Context, all: readonly T[]) {
  const size = wholeNumber(c.req.query("per_page"), PAGE.default, PAGE.max);
  const start = wholeNumber(c.req.query("page_token"), 0, Number.MAX_SAFE_INTEGER);
  const end = start + size;
  return {
    items: all.slice(start, end),
    info: { per_page: size, total_count: all.length, ...(end < all.length ? { next_page_token: String(end) } : {}) },
  };
}
