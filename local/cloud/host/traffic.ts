/**
 * Which version of a Worker a request goes to (developers.cloudflare.com/workers/versions-and-deployments/gradual-deployments):
 * the one that it asks for, else the one that its key stands for, else by chance.
 */
import { createHash } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";

export interface ServedVersion {
  versionId: string;
  /** Share of the requests, 0 to 100; the shares of all versions are 100 together. */
  percentage: number;
}

const OVERRIDES = "cloudflare-workers-version-overrides";
const KEY = "cloudflare-workers-version-key";
/** A member of a Dictionary Structured Header whose value is a String (RFC 8941, 3.2). */
const MEMBER = /(?:^|,)\s*([a-z*][\w.*-]*)\s*=\s*"([^"\\]*)"/g;

/**
 * @param versions newest first, at least one: a key that has come to a newer version stays there while its share grows
 * @param random from 0 to 1
 */
export function pickVersion<T extends ServedVersion>(
  worker: string,
  versions: readonly [T, ...T[]],
  headers: IncomingHttpHeaders,
  random: () => number,
): T {
  if (versions.length === 1) return versions[0];
  const wanted = override(worker, headers[OVERRIDES]);
  const named = versions.find(({ versionId }) => versionId === wanted);
  if (named) return named;
  const key = headers[KEY];
  const place = 100 * (key === undefined || key === "" ? random() : hashed(String(key)));
  let share = 0;
  const found = versions.find(({ percentage }) => {
    share += percentage;
    return place < share;
  });
  return found ?? versions[0];
}

function override(worker: string, header: string | string[] | undefined): string | undefined {
  // Of a name that is given twice the last counts (RFC 8941, 4.2.2).
  return [...String(header ?? "").matchAll(MEMBER)].findLast(([, name]) => name === worker)?.[2];
}

/** A key as a number from 0 to 1, always the same. */
function hashed(key: string): number {
  return createHash("sha256").update(key).digest().readUInt32BE() / 2 ** 32;
}
