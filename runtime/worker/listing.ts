/** Every key of a KV namespace that begins with a prefix. KV gives a thousand at a time; a key written lately may be missing. */
export async function* keysOf(namespace: KVNamespace, prefix: string): AsyncGenerator<string, void> {
  let cursor: string | null = null;
  do {
    const page: KVNamespaceListResult<unknown> = await namespace.list({ prefix, cursor });
    for (const { name } of page.keys) yield name;
    cursor = page.list_complete ? null : page.cursor;
  } while (cursor !== null);
}

/** Every key of an R2 bucket that begins with a prefix, in pages of up to a thousand: as many as one delete takes. */
export async function* objectsOf(bucket: R2Bucket, prefix: string): AsyncGenerator<string[], void> {
  let cursor: string | undefined;
  do {
    const page: R2Objects = await bucket.list(cursor === undefined ? { prefix } : { prefix, cursor });
    yield page.objects.map(({ key }) => key);
    cursor = page.truncated ? page.cursor : undefined;
  } while (cursor !== undefined);
}
