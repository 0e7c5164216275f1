/**
 * Which image a Durable Object namespace runs, in how many containers at once.
 */
import type { ContainerImage } from "./image";

export interface ContainerPool {
  image: ContainerImage;
  maxInstances: number;
}

/** A container of a namespace, as workerd names it: `workerd-{unique key of the class}-{object id}`. */
const CONTAINER_NAME = /^workerd-(?<namespaceId>.+)-(?<objectId>[0-9a-f]{64})(?<sidecar>-proxy)?$/;

export function namespaceOf(containerName: string): string | undefined {
  return CONTAINER_NAME.exec(containerName)?.groups?.namespaceId;
}

/** A name for logs: enough of the object's id to tell one from another. */
export function shortName(containerName: string): string {
  return CONTAINER_NAME.exec(containerName)?.groups?.objectId?.slice(0, 8) ?? containerName;
}
