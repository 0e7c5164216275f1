import { isDeepStrictEqual } from "node:util";
import { z } from "zod";

/** A version of a Worker and the part of the requests that it gets, percent. */
export const Share = z.object({
  versionId: z.string().describe("The version."),
  percentage: z.number().describe("Its part of the requests, percent."),
});
export type Share = z.infer<typeof Share>;

/**
 * The shares that are asked for. Without a former version the wanted one gets everything, whatever was asked. A pair that is
 * live keeps its order: Cloudflare then moves no Durable Object back and forth
 * (developers.cloudflare.com/workers/versions-and-deployments/gradual-deployments/with-durable-objects).
 */
export function sharesOf(
  versionId: string,
  percentage: number,
  previous?: string,
  live: readonly Share[] = [],
): Share[] {
  if (previous === undefined) return [{ versionId, percentage: 100 }];
  const pair = [
    { versionId, percentage },
    { versionId: previous, percentage: 100 - percentage },
  ];
  if (live[0]?.versionId === previous && live[1]?.versionId === versionId) pair.reverse();
  return pair.filter((share) => share.percentage > 0);
}

/**
 * The version that gets the rest of the requests: of those that are live and not the wanted one, the one that was stable
 * before a gradual rollout, else the one with the largest share. Where the wanted one is alone, the one before it, if known.
 * @param olds what the deployment was, as far as we made it.
 */
export function previousOf(
  versionId: string,
  live: readonly Share[],
  olds?: { readonly versionId: string; readonly previousVersionId?: string | undefined },
): string | undefined {
  const others = live.filter((share) => share.versionId !== versionId);
  const stable = others.find((share) => share.versionId === olds?.previousVersionId);
  const found = stable ?? largestOf(others);
  if (found) return found.versionId;
  return olds?.versionId === versionId ? olds.previousVersionId : undefined;
}

export const largestOf = (shares: readonly Share[]): Share | undefined =>
  shares.toSorted((a, b) => b.percentage - a.percentage)[0];

/** Whether two deployments give the same versions the same shares, in whatever order. */
export const isSame = (a: readonly Share[], b: readonly Share[]): boolean => isDeepStrictEqual(sorted(a), sorted(b));

const sorted = (shares: readonly Share[]): Share[] => shares.toSorted((a, b) => (a.versionId < b.versionId ? -1 : 1));
