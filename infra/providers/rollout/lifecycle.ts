import { CloudflareError, isNotFound, orNothing } from "../../cloudflare";
import { advise } from "../advise";
import type { Context } from "../context";
import {
  type Application,
  applicationPath,
  applicationsPath,
  configurationOf,
  getApplication,
  type InstanceType,
  isUnknown,
  type Place,
} from "./application";
import { revert } from "./rollouts";

/** What an application is made of. */
export interface Wanted {
  readonly accountId: string;
  readonly name: string;
  readonly namespaceId: string;
  readonly image: string;
  readonly instanceType: InstanceType;
  readonly maxInstances: number;
}

/** The list of applications lags behind what was made: how often it is asked after a lost answer. */
const TRIES = 3;
const PAUSE_MS = 1_000;

/** Makes an application. After a lost answer it is looked for, never made twice. */
export async function makeApplication(context: Context, wanted: Wanted): Promise<Application> {
  const body = {
    name: wanted.name,
    scheduling_policy: "default",
    instances: 0, // the objects start their own
    max_instances: wanted.maxInstances,
    configuration: configurationOf(wanted),
    durable_objects: { namespace_id: wanted.namespaceId },
  };
  try {
    return await context.api<Application>("POST", applicationsPath(wanted), body);
  } catch (error) {
    if (error instanceof CloudflareError && error.code === "DURABLE_OBJECT_ALREADY_HAS_APPLICATION") {
      throw advise(
        error,
        "A class takes one application. Delete the one named here, or take it over: " +
          `pulumi import wandstore:index:ContainerApplication {name} ${wanted.accountId}/{its id}.`,
      );
    }
    if (!isUnknown(error)) throw error;
    for (let tries = 1; tries <= TRIES; tries++) {
      await context.sleep(PAUSE_MS);
      const made = await findApplication(context, wanted).catch(() => undefined); // the first error says more
      if (made) return made;
    }
    throw error;
  }
}

/** The application of this very name and namespace. */
export async function findApplication(
  { api }: Pick<Context, "api">,
  wanted: Pick<Wanted, "accountId" | "name" | "namespaceId">,
): Promise<Application | undefined> {
  const listed = await api<Application[]>("GET", `${applicationsPath(wanted)}?name=${encodeURIComponent(wanted.name)}`);
  return listed.find(
    ({ name, durable_objects: objects }) => name === wanted.name && objects?.namespace_id === wanted.namespaceId,
  );
}

/** Deletes an application; one that is gone is fine. A rollout that is in the way is taken back first. */
export async function removeApplication(context: Context, place: Place): Promise<void> {
  try {
    await context.api("DELETE", applicationPath(place));
  } catch (error) {
    if (isNotFound(error)) return;
    let live: Application | undefined;
    try {
      live = await liveApplication(context, place);
    } catch {
      throw error; // the first error says more
    }
    if (!live) return; // the answer was lost, not the request
    if (!live.active_rollout_id) throw error;
    const stopped = await revert(context, place, live.active_rollout_id).catch(() => false);
    if (!stopped) throw advise(error as Error, "A rollout is still going on: delete again when it is over.");
    await context.sleep(PAUSE_MS);
    await context.api("DELETE", applicationPath(place));
  }
}

/** The application, or undefined when there is none. */
export const liveApplication = (context: Pick<Context, "api">, place: Place): Promise<Application | undefined> =>
  orNothing(getApplication(context, place));
