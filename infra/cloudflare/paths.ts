/** The path of a KV namespace in Cloudflare's API. */
export const namespacePath = (accountId: string, namespaceId: string): string =>
  `/accounts/${accountId}/storage/kv/namespaces/${namespaceId}`;

/** The path of an R2 bucket. */
export const bucketPath = (accountId: string, bucketName: string): string =>
  `/accounts/${accountId}/r2/buckets/${bucketName}`;

/**
 * The path of an R2 object: its slashes stay, as the API wants them.
 * @throws Error for a key with a part `.` or `..`: whatever sends a URL takes such a part out of it, and another object would be
 * meant.
 */
export function objectPath(accountId: string, bucketName: string, key: string): string {
  const parts = key.split("/");
  if (parts.some((part) => part === "." || part === "..")) {
    throw new Error(
      `the object ${key} cannot be reached over the API, because of its "." or ".."; copy and remove it by hand`,
    );
  }
  return `${bucketPath(accountId, bucketName)}/objects/${parts.map(encodeURIComponent).join("/")}`;
}
