/** How large a request's body may be, in bytes, by its path: enough for what Cloudflare takes there, and no more. */

const MIB = 1024 * 1024;
const DEFAULT = 4 * MIB;

const LIMITS: readonly [RegExp, number][] = [
  [/\/storage\/kv\/namespaces\/[^/]+\/values\//, 26 * MIB], // a value of 25 MiB in a form
  [/\/storage\/kv\/namespaces\/[^/]+\/bulk/, 100 * MIB],
  [/\/workers\/workers\/[^/]+\/versions/, 100 * MIB],
  [/\/workers\/scripts\/[^/]+(\/versions)?$/, 100 * MIB],
  [/\/r2\/buckets\/[^/]+\/objects\//, 300 * MIB],
];

export const maxBodyBytes = (path: string): number => LIMITS.find(([pattern]) => pattern.test(path))?.[1] ?? DEFAULT;
