import type Cloudflare from "cloudflare";

type Filter = Cloudflare.Alerting.PolicyFilter;

/** Filters of a notification policy as the API calls them. Pulumi calls each by the plural, in camel case. */
const FILTERS = [
  "actions",
  "affected_asns",
  "affected_components",
  "affected_locations",
  "airport_code",
  "alert_trigger_preferences",
  "alert_trigger_preferences_value",
  "enabled",
  "environment",
  "event",
  "event_source",
  "event_type",
  "group_by",
  "health_check_id",
  "incident_impact",
  "input_id",
  "insight_class",
  "limit",
  "logo_tag",
  "megabits_per_second",
  "new_health",
  "new_status",
  "packets_per_second",
  "pool_id",
  "pop_names",
  "product",
  "project_id",
  "protocol",
  "query_tag",
  "requests_per_second",
  "selectors",
  "services",
  "slo",
  "status",
  "target_hostname",
  "target_ip",
  "target_zone_name",
  "token_id",
  "traffic_exclusions",
  "tunnel_id",
  "tunnel_name",
  "type",
  "where",
  "zones",
] as const satisfies readonly (keyof Filter)[];

/** Filters as the API takes them. @throws Error that names one that the API does not have */
export function filtersToSend(filters: Readonly<Record<string, readonly string[]>>): Filter {
  return Object.fromEntries(Object.entries(filters).map(([key, values]) => [apiName(key), values])) as Filter;
}

/**
 * The way back: filters of an answer under the names that the program uses, others under Cloudflare's. Undefined for none, where the
 * program has none.
 */
export function filtersFrom(
  live: Filter | undefined,
  wanted: Readonly<Record<string, readonly string[]>> | undefined,
): Record<string, unknown> | undefined {
  const names = new Map(Object.keys(wanted ?? {}).map((key) => [apiName(key) as string, key]));
  const entries = Object.entries(live ?? {}).map(
    ([key, values]) => [names.get(key) ?? key, values as unknown] as const,
  );
  return entries.length === 0 && wanted === undefined ? undefined : Object.fromEntries(entries);
}

function apiName(key: string): string {
  const snake = key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  const found = FILTERS.find((name) => snake === name || snake === plural(name));
  if (found !== undefined) return found;
  throw new Error(`filters.${key} is no filter of a notification policy; there are ${FILTERS.join(", ")}`);
}

/** English as Pulumi's names have it: `status` is `statuses`, `group_by` is `group_bies`. */
function plural(name: string): string {
  if (name.endsWith("s")) return `${name}es`;
  return name.endsWith("y") ? `${name.slice(0, -1)}ies` : `${name}s`;
}
