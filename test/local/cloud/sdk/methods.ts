/** The methods of the official SDK, found in its classes: which there are, which were called, and calls of those that are not imitated. */
import type Cloudflare from "cloudflare";

/** The SDK's resources of what the embedded cloud imitates (its README), with all that is below them. */
export const RESOURCES = [
  "kv",
  "d1",
  "r2",
  "workers",
  "durableObjects",
  "containers",
  "alerting",
  "accounts",
  "user",
  "memberships",
  "zones",
] as const;

type Method = (...args: unknown[]) => unknown;
type Resource = Record<string, unknown>;

/** `kv.namespaces.create` and all the others. */
export function allMethods(client: Cloudflare): string[] {
  return RESOURCES.flatMap((name) => methodsBelow(client[name] as unknown as Resource, name));
}

function methodsBelow(resource: Resource, path: string): string[] {
  const own = new Set<string>();
  for (let at = Object.getPrototypeOf(resource); at !== Object.prototype; at = Object.getPrototypeOf(at)) {
    for (const name of Object.getOwnPropertyNames(at)) if (name !== "constructor") own.add(`${path}.${name}`);
  }
  const below = Object.entries(resource).filter(([, value]) => isResource(value));
  return [...own, ...below.flatMap(([name, value]) => methodsBelow(value as Resource, `${path}.${name}`))];
}

/** Every resource has its client; the client itself is none. */
const isResource = (value: unknown): boolean => typeof value === "object" && value !== null && "_client" in value;

/** The same client, which writes down the methods that are called. */
export function recording(client: Cloudflare, called: Set<string>): Cloudflare {
  return new Proxy(client, {
    get: (target, name) => {
      const value: unknown = Reflect.get(target, name);
      return (RESOURCES as readonly unknown[]).includes(name)
        ? recorded(value as Resource, String(name), called)
        : value;
    },
  });
}

function recorded(resource: Resource, path: string, called: Set<string>): Resource {
  return new Proxy(resource, {
    get(target, name) {
      const value = Reflect.get(target, name);
      const full = `${path}.${String(name)}`;
      if (name !== "_client" && isResource(value)) return recorded(value as Resource, full, called);
      if (typeof value !== "function") return value;
      return (...args: unknown[]) => {
        called.add(full);
        return Reflect.apply(value as Method, target, args);
      };
    },
  });
}

/** What a parameter may be called in a path; none of them exists. */
const IDS = Object.fromEntries(
  [
    "bucket_name",
    "queue_id",
    "scriptName",
    "identity",
    "script_name",
    "id",
    "job_id",
    "rule_id",
    "plan_identifier",
  ].map((name) => [name, "none"]),
);

/** Calls a method by the names of its parameters, since what it does with them is nobody's concern here. */
export async function callBlindly(client: Cloudflare, name: string, account: string, zone: string): Promise<unknown> {
  const parts = name.split(".");
  const method = parts.pop() ?? "";
  const resource = parts.reduce<Resource>((at, part) => at[part] as Resource, client as unknown as Resource);
  const owner = parts[0] === "zones" ? { zone_id: zone } : { account_id: account };
  const declared = /^\s*(?:async\s+)?\w+\(([^)]*)\)/.exec(String(resource[method]))?.[1] ?? "";
  const args = declared
    .split(",")
    .map((one) => one.trim().split(/[\s=]/)[0] ?? "")
    .map((parameter) => {
      if (parameter === "options" || parameter === "") return undefined;
      return /^(params|query|body)$/.test(parameter) ? { ...IDS, ...owner } : "none";
    });
  return Reflect.apply(resource[method] as Method, resource, args);
}
