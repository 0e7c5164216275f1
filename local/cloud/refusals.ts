/**
 * Cloudflare's refusals: status, code and words. Those marked "seen" are taken from public reports of the real API; the others
 * have the right status and our own words, because no report was found.
 */
import type { ContentfulStatusCode } from "hono/utils/http-status";

export interface ApiMessage {
  code: number;
  message: string;
}

/** An answer of the API that is a refusal. */
export class ApiError extends Error {
  constructor(
    readonly status: ContentfulStatusCode,
    readonly code: number,
    message: string,
    /** What led to it (`error_chain`), as far as Cloudflare tells. */
    readonly chain: readonly ApiMessage[] = [],
  ) {
    super(message);
    this.name = "ApiError";
  }
}

const refuse = (status: ContentfulStatusCode, code: number, message: string): ApiError =>
  new ApiError(status, code, message);

/** Codes for a request body or query that does not fit, by service. */
export const INVALID_INPUT = {
  accounts: 1001,
  kv: 10019,
  kvBulk: 10012,
  d1: 7400,
  r2: 10040,
  workers: 10021,
  containers: 1000,
  zones: 1001,
  alerting: 17000,
} as const;

export const errors = {
  // Any service
  noCredentials: () => refuse(400, 9106, "Missing X-Auth-Key, X-Auth-Email or Authorization headers"), // seen
  invalidToken: () => refuse(401, 1000, "Invalid API Token"), // seen, on tokens/verify
  authentication: () => refuse(401, 10000, "Authentication error"), // seen
  malformedToken: () =>
    new ApiError(400, 6003, "Invalid request headers", [
      { code: 6111, message: "Invalid format for Authorization header" }, // seen (jeessy2/ddns-go#916)
    ]),
  /** The embedded cloud has no API keys, so every one is malformed. */
  malformedKey: () =>
    new ApiError(400, 6003, "Invalid request headers", [
      { code: 6103, message: "Invalid format for X-Auth-Key header" }, // seen (cloudflare/cloudflare-typescript#161)
    ]),
  otherAccount: () => refuse(403, 9109, "Unauthorized to access requested resource"), // seen
  malformedAccount: (path: string) =>
    refuse(404, 7003, `Could not route to ${path}, perhaps your object identifier is invalid?`), // seen
  noRoute: (method: string, path: string) =>
    refuse(404, 7000, `No route for that URI: the embedded cloud does not have ${method} ${path}`), // code seen
  wrongMethod: (method: string) => refuse(405, 7001, `Method ${method} not available for that URI.`), // seen
  unsupported: (what: string) => refuse(501, 7001, `The embedded cloud does not support ${what}`),
  tooLarge: (limitBytes: number) => refuse(413, 10413, `Request body is over the limit of ${limitBytes} bytes`),
  malformedJson: (code: number) => refuse(400, code, "Request body is not valid JSON"),
  tooManyFaults: (limit: number) => refuse(400, INVALID_INPUT.accounts, `At most ${limit} faults wait at once`),
  internal: () => refuse(500, 10013, "An unknown error has occurred"), // seen

  // KV: all seen but the last four
  kvNamespaceNotFound: () => refuse(404, 10013, "namespace not found"),
  kvTitleExists: () => refuse(400, 10014, "a namespace with this account ID and title already exists"),
  kvKeyNotFound: (operation: string) => refuse(404, 10009, `${operation}: 'key not found'`),
  kvTtl: (ttl: number) => refuse(400, 10034, `Invalid expiration_ttl of ${ttl}. Expiration TTL must be at least 60.`),
  kvExpiration: (expiration: number) =>
    refuse(
      400,
      10034,
      `Invalid expiration of ${expiration}. Expiration times must be at least 60 seconds in the future.`,
    ),
  kvKey: (problem: string) => refuse(414, 10030, `Invalid key: ${problem}`),
  kvValue: (bytes: number, limit: number) => refuse(413, 10031, `Value length of ${bytes} exceeds limit of ${limit}.`),
  kvMetadata: (bytes: number, limit: number) =>
    refuse(413, 10032, `Metadata length of ${bytes} exceeds limit of ${limit}.`),

  kvNoKeys: () => refuse(400, 10029, "at least one key is needed"), // code seen

  // D1: seen
  d1NotFound: (id: string) => refuse(404, 7404, `The database ${id} could not be found`),
  d1NameExists: (name: string) => refuse(400, 7502, `Database with name: '${name}' already exists`),
  d1Query: (message: string) => refuse(400, 7500, message),

  d1NoHistory: () => refuse(400, 7500, "No history is kept for that moment"), // code seen
  d1Moment: (problem: string) => refuse(400, 7400, problem), // code seen

  d1ImportMissing: (name: string) => refuse(400, 7500, `The file ${name} was not uploaded`), // own words
  d1ImportEtag: (etag: string) => refuse(400, 7500, `The uploaded file does not have the etag ${etag}`), // own words

  // R2: seen (developers.cloudflare.com/r2/api/error-codes)
  r2BucketNotFound: () => refuse(404, 10006, "The specified bucket does not exist."),
  r2BucketExists: () => refuse(409, 10004, "The bucket you tried to create already exists, and you own it."),
  r2BucketName: () => refuse(400, 10005, "The specified bucket name is not valid."),
  r2BucketNotEmpty: () => refuse(409, 10008, "The bucket you tried to delete is not empty."),
  r2Key: () => refuse(400, 10020, "The specified object name is not valid."),
  r2KeyNotFound: () => refuse(404, 10007, "The specified key does not exist."),

  // Zones and custom domains
  zoneNotFound: () => refuse(404, 1001, "Invalid zone identifier"), // seen
  zoneExists: (name: string) => refuse(400, 1061, `${name} already exists`), // seen
  domainZone: (hostname: string) => refuse(400, 10083, `workers.api.error.zone_not_found for "${hostname}"`), // code and words seen
  domainNotFound: () => refuse(404, 100114, "The requested custom domain could not be found"), // code seen
  methodNotAllowed: () => refuse(405, 10405, "Method not allowed for this authentication scheme"), // seen
  routeNotFound: () => refuse(404, 10009, "The requested route could not be found"), // code seen
  routePattern: (problem: string) => refuse(400, 10022, problem), // seen, with the words that are given
  routeExists: () => refuse(409, 10020, "A route with the same pattern already exists"), // seen
  routeScript: () =>
    refuse(
      400,
      10019,
      "Cannot configure a route for a Worker which does not exist. Please ensure this Worker exists and try again.",
    ), // seen (alchemy-run/distilled#368)

  // Alerting
  alertPolicyNotFound: () => refuse(404, 17001, "The notification policy could not be found"),
  alertWebhookNotFound: () => refuse(404, 17002, "The webhook could not be found"),
  alertWebhookInUse: (policy: string) => refuse(400, 17003, `The webhook is used by the notification policy ${policy}`),
  alertDestinationNotFound: (id: string) => refuse(400, 17004, `The destination ${id} could not be found`),

  // Workers
  workerNotFound: () => refuse(404, 10007, "This Worker does not exist on your account."), // seen
  noSubdomain: () => refuse(404, 10007, "This account has no workers.dev subdomain"), // code seen (wrangler asks for it)
  settingsNotDeployed: () => refuse(400, 10220, "Prod worker settings can not be deployed with a Version Upload."), // seen
  serviceNotFound: () => refuse(404, 10090, "This Worker does not exist on this account."), // seen
  workerTooLarge: (limitBytes: number) =>
    refuse(
      400,
      10027,
      `Your Worker exceeded the size limit of ${limitBytes / 1024 / 1024} MiB. Refer to the Workers documentation (https://developers.cloudflare.com/workers/observability/errors/#errors-on-worker-upload) for more details.`,
    ), // seen
  workerExists: (name: string) =>
    refuse(409, 10040, `A Worker with the name '${name}' already exists on your account.`),
  workerInUse: (name: string, users: string[]) =>
    refuse(
      400,
      10064,
      `Cannot delete '${name}': it is referenced by ${users.join(", ")}. Use force=true to delete it.`,
    ),
  versionNotFound: () =>
    refuse(
      404,
      100146,
      "The requested Worker version could not be found, please check the ID being passed and try again.",
    ), // seen
  noVersions: () => refuse(400, 10222, "The Worker has no versions"), // code seen
  secretNotFound: (name: string) => refuse(404, 10056, `Binding '${name}' not found.`), // seen
  secretInUse: (name: string) => refuse(400, 10053, `Binding name '${name}' already in use.`), // seen
  secretNotDeployed: () =>
    refuse(
      400,
      10215,
      "Secret edit failed. You attempted to modify a secret, but the latest version of your Worker isn't currently deployed. Please ensure that the latest version of your Worker is fully deployed before modifying secrets. Alternatively, you can use the Cloudflare dashboard to modify secrets and deploy the version.",
    ), // code and first sentence seen
  tailNotFound: () => refuse(404, 10059, "The tail could not be found"), // own words
  tailCount: (limit: number) => refuse(400, 10058, `At most ${limit} tails of a Worker are open at once`), // own words
  versionLive: (id: string) =>
    refuse(400, 10210, `The version ${id} is deployed; deploy another one before you delete it`),
  malformedVersion: () => refuse(400, 10004, "The parameter 'version_id' is malformed"), // seen
  deploymentNotFound: () => refuse(404, 10336, "The requested deployment could not be found"), // code seen
  secretsChanged: (names: readonly string[]) =>
    refuse(
      400,
      10220,
      `A secret has changed since this version was active. If you are sure this is ok, add a ?force=true query parameter to allow the rollback. The following secrets have changed: ${names.join(", ")}`,
    ), // seen (workers-sdk, tests of `rollback`)
  namespaceNotFound: () => refuse(404, 10066, "The Durable Object namespace could not be found"), // code seen
  namespaceLimit: (min: number, max: number) =>
    refuse(400, 10077, `The parameter 'limit' must be from ${min} to ${max}`), // code seen
  deploymentLive: () => refuse(400, 10210, "Invalid deployment: the latest deployment cannot be deleted"),
  deploymentCount: (count: number) =>
    refuse(400, 10210, `Invalid deployment: ${count} versions; a deployment has one or two`),
  deploymentTwice: (id: string) => refuse(400, 10210, `Invalid deployment: the version ${id} is named twice`),
  versionedMigration: () =>
    refuse(
      400,
      10211,
      "Version upload failed. You attempted to upload a version of a Worker that includes a Durable Object migration, but migrations must be fully applied via a non-versioned deployment. Refer to the documentation for more information.",
    ), // seen, at the upload; here the deployment is refused
  deploymentSum: () => refuse(400, 10210, "Invalid deployment: percentages must sum to 100"), // seen
  deploymentVersion: (id: string) => refuse(400, 10210, `Invalid deployment: Version not found: ${id}`), // seen
  bindingText: (name: string, bytes: number, limit: number) =>
    refuse(400, 10054, `Text binding '${name}' is too large: ${bytes} bytes, ${limit} are allowed`), // code and first words seen
  noForm: () => refuse(400, 10001, "The request must be multipart/form-data, with a part 'settings'"), // code seen
  invalidUpload: (message: string) => refuse(400, INVALID_INPUT.workers, message),
  bindingInherit: (name: string) =>
    refuse(400, 10057, `inherit binding '${name}' is invalid: the latest version has no binding of this name`), // code and first words seen
  bindingKv: (id: string) => refuse(400, 10041, `KV namespace '${id}' not found.`), // seen
  bindingD1: (name: string, id: string) =>
    refuse(400, 10181, `D1 binding '${name}' references database '${id}' which was not found.`), // seen
  bindingR2: (bucket: string) =>
    refuse(400, 10085, `R2 bucket '${bucket}' not found. Please use a different name and try again.`), // seen
  bindingService: (name: string, script: string) =>
    refuse(
      400,
      10143,
      `Could not resolve service binding '${name}'. Target script '${script}' not found. Please verify the target script and try again.`,
    ), // seen
  bindingClass: (className: string) =>
    refuse(
      400,
      10061,
      `Cannot create binding for class '${className}' because it is not currently configured to implement Durable Objects. Ensure a --new-class migration has been applied to it.`,
    ), // seen
  bindingClassScript: (script: string) =>
    refuse(400, 10061, `Cannot create binding for class in script '${script}' that does not exist.`), // seen
  migrationTag: (got: string, live: string) =>
    refuse(
      412,
      10079,
      `Actor migration tag precondition failed, got tag '${got}' when expected tag is '${live}'. Please make sure the tags match and try again.`,
    ), // seen
  migrationExists: (step: string, className: string) =>
    refuse(
      400,
      10074,
      `Cannot apply ${step} migration to class '${className}' that is already depended on by existing Durable Objects`,
    ), // seen
  migrationMissing: (step: string, className: string) =>
    refuse(400, 10073, `Cannot apply ${step} migration to class '${className}' that does not exist`),
  cron: (cron: string) => refuse(400, 10100, `Invalid cron string '${cron}'`),
  crons: (limit: number) =>
    refuse(400, 10072, `This account has reached the Workers limit of ${limit} cron triggers per account.`), // seen, of the free plan (workers-sdk#15194)
};

/** A refusal of the Containers API: the message is itself JSON, `{"error": "CODE", "details": {…}}`. */
export function containerError(
  status: ContentfulStatusCode,
  error: string,
  details: Record<string, unknown> = {},
): ApiError {
  return new ApiError(status, INVALID_INPUT.containers, JSON.stringify({ error, details }));
}
