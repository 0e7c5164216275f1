/** Containers: what the account may use, and credentials for its image registry. */
import { z } from "zod";
import { REGISTRY_USER } from "../../registry/credentials";
import { REGISTRY_HOST } from "../../registry/reference";
import { Routes } from "../../routes";
import type { Services } from "../../services";
import { jsonOrNothing } from "../body";
import { ok } from "../envelope";
import { containerError } from "../../refusals";
import { INSTANCE_LIMITS } from "../../containers/instanceTypes";
import { containerInput } from "./configuration";

const CredentialsInput = z.object({
  permissions: z.array(z.enum(["pull", "push", "list"])).min(1),
  expiration_minutes: z.int().min(1).max(1440),
});

export function containerAccountRoutes({ account, credentials, apiAddress }: Services): Routes {
  const app = new Routes(
    "no external registries; `registry_host` is this registry's own address, `127.0.0.1:{port}`, which Docker takes without TLS. Images may be named by either host",
  );

  app.get("/me", (c) =>
    ok(c, {
      external_account_id: account.id,
      limits: {
        vcpu_per_deployment: INSTANCE_LIMITS.vcpu,
        memory_mib_per_deployment: INSTANCE_LIMITS.memory,
        disk_mb_per_deployment: INSTANCE_LIMITS.disk,
      },
    }),
  );
  app.get("/registries", (c) => ok(c, []));
  app.post("/registries/:domain/credentials", async (c) => {
    const domain = c.req.param("domain");
    if (domain !== REGISTRY_HOST) throw containerError(404, "IMAGE_REGISTRY_NOT_CONFIGURED", { domain });
    const input = containerInput(CredentialsInput, jsonOrNothing(await c.req.text()));
    const result = {
      account_id: account.id,
      // Where `docker push` reaches this registry; Docker takes plain HTTP on 127.0.0.0/8.
      registry_host: apiAddress(),
      username: REGISTRY_USER,
      password: credentials.issue(input.permissions, input.expiration_minutes),
    };
    return ok(c, result, { status: 201 });
  });
  return app;
}
