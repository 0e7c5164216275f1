import type { TestCloud } from "../../../local/cloud/support";

/** A KV namespace of its own. */
export async function newNamespace(test: TestCloud, title: string): Promise<string> {
  const { id } = await test.client.kv.namespaces.create({ account_id: test.accountId, title });
  return id;
}
