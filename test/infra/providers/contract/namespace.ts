import { reserve } from "./reserve";

/** A KV namespace of its own. */
export const newNamespace = reserve(async (test, title) => {
  const { id } = await test.client.kv.namespaces.create({ account_id: test.accountId, title });
  return id;
});
