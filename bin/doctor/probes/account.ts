import type { StackAccount, StackNeeds } from "../../../local/deploy";
import { finding, type Finding } from "../finding";

/** Longest wait for one answer of Cloudflare's. */
const ANSWER_MS = 8_000;
const NEEDED = { for: "deploying to the account", needed: true };

/** Whether it is said which account, and how it is opened. The token's value is looked at by nobody. */
export function account({ accountId, hasToken, baseUrl }: StackNeeds): Finding[] {
  const isId = accountId !== undefined && /^[0-9a-f]{32}$/.test(accountId);
  return [
    finding(
      { name: "CLOUDFLARE_ACCOUNT_ID", ...NEEDED },
      {
        ok: isId,
        found: isId ? accountId : accountId === undefined ? "not set" : "is no account's id: it has 32 hex digits",
        get: "export CLOUDFLARE_ACCOUNT_ID=…, from the account's overview page; or set wandstore:accountId of the stack",
      },
    ),
    finding(
      { name: "CLOUDFLARE_API_TOKEN", ...NEEDED },
      {
        ok: hasToken,
        found: hasToken ? `set, for ${baseUrl}` : "not set",
        get: "export CLOUDFLARE_API_TOKEN=…, with the permissions of docs/guides/real-account.md",
      },
    ),
  ];
}

interface Permission {
  name: string;
  path: string;
  for: string;
}

/** What a token is asked for: a list of each kind of thing that the stack has. */
function permissionsOf({ domain, notifies }: StackNeeds): Permission[] {
  return [
    { name: "Workers Scripts", path: "workers/scripts", for: "Worker, versions, Durable Objects, cron" },
    { name: "Workers KV Storage", path: "storage/kv/namespaces?per_page=5", for: "pages, sessions, catalogues" },
    { name: "D1", path: "d1/database?per_page=10", for: "the database and its migrations" },
    { name: "Workers R2 Storage", path: "r2/buckets?per_page=5", for: "the bucket of generated pages" },
    { name: "Containers", path: "containers/applications", for: "the generator's pool" },
    ...(notifies
      ? [{ name: "Notifications", path: "alerting/v3/policies", for: "notices of Cloudflare's incidents" }]
      : []),
    ...(domain === undefined
      ? []
      : [{ name: "Workers Routes", path: "workers/domains", for: `the host name ${domain}` }]),
  ];
}

/** Asks Cloudflare whether the token works, and what it opens. Only lists are asked for: that it may write shows at the first `up`. */
export async function token(opened: Pick<StackAccount, "api" | "accountId">, stack: StackNeeds): Promise<Finding[]> {
  const verified = await works(opened);
  const first = finding(
    { name: "token", ...NEEDED },
    {
      ok: verified === undefined,
      found: verified ?? "active",
      get: "make a new one at https://dash.cloudflare.com/profile/api-tokens",
    },
  );
  if (verified !== undefined) return [first];
  const rest = permissionsOf(stack).map(async ({ name, path, for: what }) => {
    const refused = await problemWith(
      opened.api("GET", `/accounts/${opened.accountId}/${path}`, undefined, { deadlineMs: ANSWER_MS }),
    );
    return finding(
      { name: `permission ${name}`, for: what, needed: true },
      {
        ok: refused === undefined,
        found: refused ?? "may read; Edit shows at the first up",
        get: `edit the token: Account, ${name}, Edit`,
      },
    );
  });
  return [first, ...(await Promise.all(rest))];
}

/** A token is a person's, or the account's own: each is verified at a place of its own. */
async function works({ api, accountId }: Pick<StackAccount, "api" | "accountId">): Promise<string | undefined> {
  const ask = async (path: string): Promise<void> => {
    const { status } = await api<{ status: string }>("GET", path, undefined, { deadlineMs: ANSWER_MS });
    if (status !== "active") throw new Error(`it is ${status}`);
  };
  const verify = (path: string): Promise<string | undefined> => problemWith(ask(path));
  const ofPerson = await verify("/user/tokens/verify");
  if (ofPerson === undefined) return undefined;
  return (await verify(`/accounts/${accountId}/tokens/verify`)) === undefined ? undefined : ofPerson;
}

async function problemWith(asked: Promise<unknown>): Promise<string | undefined> {
  try {
    await asked;
    return undefined;
  } catch (error) {
    const { status, message } = error as Error & { status?: number };
    return status === 401 || status === 403 ? `Cloudflare refuses it (${status})` : message;
  }
}
