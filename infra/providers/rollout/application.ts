import { z } from "zod";
import { CloudflareError } from "../../cloudflare";
import type { Context } from "../context";

export const InstanceType = z.enum(["lite", "basic", "standard-1", "standard-2", "standard-3", "standard-4"]);
export type InstanceType = z.infer<typeof InstanceType>;

/** One application of an account. */
export interface Place {
  readonly accountId: string;
  readonly id: string;
}

/** What runs in an application's containers, as we send it. */
export interface Configuration {
  readonly image: string;
  readonly instance_type: InstanceType;
  readonly observability: object;
}

/** The same as the API answers it: a size may stand in place of the type that was sent. */
export interface LiveConfiguration {
  readonly image?: string;
  readonly instance_type?: string;
  readonly vcpu?: number;
}

/** What of an application's answer is read. */
export interface Application {
  readonly id: string;
  readonly name: string;
  /** Counts up with each rollout. */
  readonly version?: number;
  readonly max_instances: number;
  readonly configuration: LiveConfiguration;
  readonly durable_objects?: { readonly namespace_id?: string };
  readonly active_rollout_id?: string | null;
}

/** Types of former days, by what they are called now. */
const RENAMED: Readonly<Record<string, InstanceType>> = { dev: "lite", standard: "standard-1" };

/** vCPUs of each type (developers.cloudflare.com/containers/platform-details/limits). */
const VCPUS: readonly (readonly [InstanceType, number])[] = [
  ["lite", 1 / 16],
  ["basic", 1 / 4],
  ["standard-1", 1 / 2],
  ["standard-2", 1],
  ["standard-3", 2],
  ["standard-4", 4],
];

/** The type that was sent, or the smallest one with the vCPUs that are answered; undefined where neither is. */
export function instanceTypeOf({ instance_type: type = "", vcpu }: LiveConfiguration): InstanceType | undefined {
  const named = InstanceType.safeParse(RENAMED[type] ?? type);
  if (named.success) return named.data;
  return vcpu === undefined ? undefined : VCPUS.find(([, vcpus]) => vcpus >= vcpu)?.[0];
}

export const configurationOf = (inputs: { image: string; instanceType: InstanceType }): Configuration => ({
  image: inputs.image,
  instance_type: inputs.instanceType,
  observability: { logs: { enabled: true } },
});

/** Whether what runs is what is wanted; a size that is not answered counts as the wanted one. */
export function runs(live: LiveConfiguration | undefined, wanted: Configuration): boolean {
  return live?.image === wanted.image && (instanceTypeOf(live) ?? wanted.instance_type) === wanted.instance_type;
}

export const applicationsPath = ({ accountId }: { accountId: string }): string =>
  `/accounts/${accountId}/containers/applications`;

export const applicationPath = (place: Place): string => `${applicationsPath(place)}/${place.id}`;

/** @throws CloudflareError with status 404 when there is no such application. */
export const getApplication = ({ api }: Pick<Context, "api">, place: Place): Promise<Application> =>
  api<Application>("GET", applicationPath(place));

/** Whether a request may have been carried out although it failed here. */
export const isUnknown = (error: unknown): boolean => error instanceof CloudflareError && error.outcomeUnknown;

/** Sets how many containers may run at once. */
export const resize = ({ api }: Pick<Context, "api">, place: Place, maxInstances: number): Promise<unknown> =>
  api("PATCH", applicationPath(place), { max_instances: maxInstances }, { idempotent: true });
