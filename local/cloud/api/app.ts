/** The API v4 and the image registry as one HTTP application. */
import { Hono, type MiddlewareHandler } from "hono";
import { bodyLimit } from "hono/body-limit";
import { equal } from "../registry/credentials";
import { registryRoutes } from "../registry/routes";
import type { Routes } from "../routes";
import type { Services } from "../services";
import { HEX_ID } from "../state/ids";
import { alertPolicyRoutes } from "./alerting/policies";
import { alertWebhookRoutes } from "./alerting/webhooks";
import { applicationRoutes } from "./containers/applications";
import { containerDashRoutes } from "./containers/dash";
import { containerAccountRoutes } from "./containers/registries";
import { rolloutRoutes } from "./containers/rollouts";
import { d1DatabaseRoutes } from "./d1/databases";
import { d1ExportRoutes } from "./d1/export";
import { d1ImportRoutes } from "./d1/import";
import { d1QueryRoutes } from "./d1/queries";
import { d1TimeTravelRoutes } from "./d1/timeTravel";
import { drainUnread } from "./drain";
import { failed } from "./envelope";
import { ApiError, errors } from "../refusals";
import { graphqlRoutes } from "./graphql";
import { identityRoutes } from "./identity";
import { kvBulkRoutes } from "./kv/bulk";
import { kvNamespaceRoutes } from "./kv/namespaces";
import { kvValueRoutes } from "./kv/values";
import { maxBodyBytes } from "./limits";
import { r2BucketRoutes } from "./r2/buckets";
import { r2ObjectRoutes } from "./r2/objects";
import { workersAccountRoutes } from "./workers/account";
import { deploymentRoutes } from "./workers/deployments";
import { domainRoutes } from "./workers/domains";
import { routeRoutes, scriptRouteRoutes } from "./workers/routes";
import { scriptContentRoutes } from "./workers/scriptContent";
import { scriptSettingsRoutes } from "./workers/scriptSettings";
import { scriptDomainRoutes } from "./workers/scriptDomains";
import { scriptRoutes } from "./workers/scripts";
import { scriptVersionRoutes } from "./workers/scriptVersions";
import { secretRoutes } from "./workers/secrets";
import { serviceRoutes } from "./workers/services";
import { tailRoutes } from "./workers/tails";
import { versionRoutes } from "./workers/versions";
import { workerRoutes } from "./workers/workers";
import { zoneRoutes } from "./zones";

export const API_PATH = "/client/v4";
/** Names the edge on which the Workers of this account answer; Cloudflare's own is found by DNS. */
const EDGE_HEADER = "cf-edge-url";

const ACCOUNT = "/accounts/:account";
const METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"];
/** RFC 6750, 2.1. */
const BEARER = /^Bearer [\w.~+/-]+=*$/;

/** The routes of the API v4, each file's under its path. */
export const MOUNTS: readonly (readonly [at: string, routes: (services: Services) => Routes])[] = [
  ["/", identityRoutes],
  [`${ACCOUNT}/storage/kv/namespaces`, kvNamespaceRoutes],
  [`${ACCOUNT}/storage/kv/namespaces`, kvValueRoutes],
  [`${ACCOUNT}/storage/kv/namespaces`, kvBulkRoutes],
  [`${ACCOUNT}/d1/database`, d1DatabaseRoutes],
  [`${ACCOUNT}/d1/database`, d1QueryRoutes],
  [`${ACCOUNT}/d1/database`, d1TimeTravelRoutes],
  [`${ACCOUNT}/d1/database`, d1ExportRoutes],
  [`${ACCOUNT}/d1/database`, d1ImportRoutes],
  [`${ACCOUNT}/r2/buckets`, r2BucketRoutes],
  [`${ACCOUNT}/r2/buckets`, r2ObjectRoutes],
  [`${ACCOUNT}/workers/workers`, workerRoutes],
  [`${ACCOUNT}/workers/workers`, versionRoutes],
  [`${ACCOUNT}/workers/scripts`, scriptRoutes],
  [`${ACCOUNT}/workers/scripts`, scriptSettingsRoutes],
  [`${ACCOUNT}/workers/scripts`, scriptContentRoutes],
  [`${ACCOUNT}/workers/scripts`, scriptVersionRoutes],
  [`${ACCOUNT}/workers/scripts`, secretRoutes],
  [`${ACCOUNT}/workers/scripts`, tailRoutes],
  [`${ACCOUNT}/workers/scripts`, deploymentRoutes],
  [`${ACCOUNT}/workers/scripts`, scriptRouteRoutes],
  [`${ACCOUNT}/workers/scripts`, scriptDomainRoutes],
  [`${ACCOUNT}/workers/domains`, domainRoutes],
  [`${ACCOUNT}/workers`, serviceRoutes],
  [`${ACCOUNT}/workers`, workersAccountRoutes],
  [`${ACCOUNT}/alerting/v3/policies`, alertPolicyRoutes],
  [`${ACCOUNT}/alerting/v3/destinations/webhooks`, alertWebhookRoutes],
  ["/zones", zoneRoutes],
  ["/zones", routeRoutes],
  [`${ACCOUNT}/containers/applications`, applicationRoutes],
  [`${ACCOUNT}/containers/applications`, rolloutRoutes],
  [`${ACCOUNT}/containers`, containerDashRoutes],
  [`${ACCOUNT}/containers`, containerAccountRoutes],
  ["/", graphqlRoutes],
];

export function createApp(services: Services): Hono {
  const app = new Hono();
  app.use(async (c, next) => {
    await next();
    c.header(EDGE_HEADER, services.host.edgeUrl);
  });
  app.use(drainUnread());
  app.route("/v2/", registryRoutes({ ...services, accountId: services.account.id, blobs: services.registry }));
  app.route("/", services.signedFiles.routes());
  app.use("/faults", authentication(services.apiToken));
  app.route("/", services.faults.routes());
  app.route(API_PATH, apiV4(services));
  app.notFound((c) => {
    const { method, path } = c.req;
    return failed(c, hasOtherMethod(app, path) ? errors.wrongMethod(method) : errors.noRoute(method, path));
  });
  app.onError((error, c) => {
    if (error instanceof ApiError) return failed(c, error);
    services.log(`${c.req.method} ${c.req.path} failed: ${error.stack ?? error.message}`);
    return failed(c, errors.internal());
  });
  return app;
}

function apiV4(services: Services): Hono {
  const app = new Hono();
  app.use(services.faults.middleware(API_PATH), authentication(services.apiToken), limitBody);
  app.use("/accounts/:account", ownAccount(services.account.id));
  app.use("/accounts/:account/*", ownAccount(services.account.id));

  for (const [at, routes] of MOUNTS) app.route(at, routes(services));
  return app;
}

/** Whether the path is a route's, whatever the method; what every request passes through is none. */
const hasOtherMethod = (app: Hono, path: string): boolean =>
  METHODS.some((method) => app.router.match(method, path)[0].some(([[, route]]) => route.method !== "ALL"));

function authentication(apiToken: string): MiddlewareHandler {
  return async (c, next) => {
    const header = c.req.header("authorization");
    if (!header) throw c.req.header("x-auth-key") ? errors.malformedKey() : errors.noCredentials();
    if (!BEARER.test(header)) throw errors.malformedToken();
    if (!equal(header, `Bearer ${apiToken}`)) {
      throw c.req.path.endsWith("/tokens/verify") ? errors.invalidToken() : errors.authentication();
    }
    await next();
  };
}

function ownAccount(accountId: string): MiddlewareHandler {
  return async (c, next) => {
    const asked = c.req.param("account") ?? "";
    if (!HEX_ID.test(asked)) throw errors.malformedAccount(c.req.path);
    if (asked !== accountId) throw errors.otherAccount();
    await next();
  };
}

const limitBody: MiddlewareHandler = (c, next) => {
  const maxSize = maxBodyBytes(c.req.path);
  return bodyLimit({ maxSize, onError: (context) => failed(context, errors.tooLarge(maxSize)) })(c, next);
};
