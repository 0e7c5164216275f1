/**
 * Which image a Durable Object namespace runs, in how many containers at once.
 */
import type { ContainerImage } from "./image";

export interface ContainerPool {
  image: ContainerImage;
  maxInstances: number;
  /** While another image is rolled out: which, and what share of the objects (0 to 100) has it already. */
  next?: { image: ContainerImage; percentage: number };
}

/** A container of a namespace, as workerd names it: `workerd-{unique key of the class}-{object id}`. */
const CONTAINER_NAME = /^workerd-(?<namespaceId>.+)-(?<objectId>[0-9a-f]{64})(?<sidecar>-proxy)?$/;

export function namespaceOf(containerName: string): string | undefined {
  return CONTAINER_NAME.exec(containerName)?.groups?.namespaceId;
}

/** The image of one object's container. Which share an object belongs to follows from its id, so it stays on its side. */
export function imageFor(pool: ContainerPool, containerName: string): ContainerImage {
  const { image, next } = pool;
  const objectId = CONTAINER_NAME.exec(containerName)?.groups?.objectId ?? "0";
  return next !== undefined && shareOf(objectId) < next.percentage ? next.image : image;
}

/** 0 to 99, spread evenly: an object's id is a hash. */
const shareOf = (objectId: string): number => Number.parseInt(objectId.slice(0, 8), 16) % 100;

/** Whether two images start the same process. */
export const isSameImage = (a: ContainerImage, b: ContainerImage): boolean => JSON.stringify(a) === JSON.stringify(b);

/** A name for logs: enough of the object's id to tell one from another. */
export function shortName(containerName: string): string {
  return CONTAINER_NAME.exec(containerName)?.groups?.objectId?.slice(0, 8) ?? containerName;
}
