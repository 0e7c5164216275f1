/** The start of an upload's code: what fails is refused as Cloudflare refuses it. */
import type { Host, TrialSpec } from "../host";
import { errors } from "../refusals";
import type { StoredBinding, VersionDoc } from "../state/model";

/** What Cloudflare takes where a version names no date (developers.cloudflare.com/workers/configuration/compatibility-dates). */
export const OLDEST_COMPATIBILITY_DATE = "2021-11-02";

type Version = Pick<VersionDoc, "mainModule" | "compatibilityDate" | "compatibilityFlags" | "bindings">;

/** Tries the start. Milliseconds, at least 1. @throws ApiError 10021 with the runtime's words */
export async function startupTime(
  host: Pick<Host, "tryStart">,
  version: Version,
  modules: TrialSpec["modules"],
): Promise<number> {
  const { mainModule, compatibilityDate = OLDEST_COMPATIBILITY_DATE, compatibilityFlags, bindings } = version;
  const variables = bindings.filter(isVariable);
  const result = await host.tryStart({
    mainModule,
    modules,
    compatibilityDate,
    compatibilityFlags,
    variables: Object.fromEntries(variables.map((one) => [one.name, one.type === "json" ? one.json : one.text])),
    others: bindings.filter((binding) => !isVariable(binding)).map(({ name }) => name),
  });
  if ("failure" in result) throw errors.invalidUpload(`${result.failure}\n`);
  return result.startupTimeMs;
}

const isVariable = (binding: StoredBinding): binding is Extract<StoredBinding, { type: "plain_text" | "json" }> =>
  binding.type === "plain_text" || binding.type === "json";
