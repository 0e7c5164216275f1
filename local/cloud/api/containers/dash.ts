/** Containers as the dashboard lists them, which wrangler's lists are made of; described nowhere but in wrangler's own client. */
import { Routes } from "../../routes";
import type { Services } from "../../services";
import { ok } from "../envelope";
import { findApplication } from "./applications";
import { healthOf } from "./health";
import { tokenPage } from "./tokenPage";

const PAGE = { default: 25, max: 1000 };

export function containerDashRoutes({ state, host }: Services): Routes {
  const app = new Routes("as far as wrangler lists it; described nowhere");

  app.get("/dash/applications", (c) => {
    const { items, info } = tokenPage(c, state.applications.list(), PAGE);
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
    const { items, info } = tokenPage(c, host.instances(application.namespaceId), PAGE);
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
