import { z } from "zod";
import { CLOUDFLARE_API } from "../cloudflare";
import type { Properties } from "./wire";

/** What a provider resource takes. The stack's other config, which the engine hands over as well, is not looked at. */
export const CONFIG = z.object({
  baseUrl: z
    .url({ protocol: /^https?$/, error: "expected an address such as https://api.cloudflare.com/client/v4" })
    .optional()
    .describe(
      "Address of Cloudflare's API, up to and with /client/v4. Left out: CLOUDFLARE_BASE_URL, or Cloudflare's own.",
    ),
  apiToken: z
    .string()
    .optional()
    .describe("API token of the account. Left out: CLOUDFLARE_API_TOKEN.")
    .meta({ secret: true }),
  accountId: z
    .string()
    .optional()
    .describe("Account of an id to import that names none. Left out: CLOUDFLARE_ACCOUNT_ID."),
});
export type Config = z.infer<typeof CONFIG>;

/** The part of the engine's properties that is ours; an empty text is the same as none. */
export const ownConfig = (properties: Properties): Properties =>
  Object.fromEntries(
    Object.entries(properties).filter(([key, value]) => key in CONFIG.shape && value !== "" && value !== null),
  );

/** Where to send requests and with what: config first, then the environment, as Cloudflare's own provider does it. */
export function connectionOf(
  config: Config,
  env: Readonly<Record<string, string | undefined>>,
): { baseUrl: string; apiToken: string; accountId?: string } {
  const accountId = config.accountId ?? nonEmpty(env["CLOUDFLARE_ACCOUNT_ID"]);
  return {
    baseUrl: config.baseUrl ?? nonEmpty(env["CLOUDFLARE_BASE_URL"]) ?? CLOUDFLARE_API,
    apiToken: config.apiToken ?? env["CLOUDFLARE_API_TOKEN"] ?? "",
    ...(accountId === undefined ? {} : { accountId }),
  };
}

const nonEmpty = (text: string | undefined): string | undefined => (text === "" ? undefined : text);
