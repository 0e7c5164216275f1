import type Cloudflare from "cloudflare";
import { createOnce, orGone, unlessGone } from "../context";
import type { Handler } from "../handler";
import { typedHandler } from "../typed";

interface Inputs {
  accountId: string;
  name: string;
  primaryLocationHint?: Cloudflare.D1Resource.DatabaseCreateParams["primary_location_hint"];
  jurisdiction?: Cloudflare.D1Resource.DatabaseCreateParams["jurisdiction"];
  readReplication?: { mode: "auto" | "disabled" };
}

/** cloudflare:index/d1Database:D1Database */
export function d1Database(client: () => Cloudflare): Handler {
  const find = async ({ accountId, name }: Inputs): Promise<Cloudflare.D1Resource.D1 | undefined> => {
    for await (const found of client().d1.database.list({ account_id: accountId, name })) {
      if (found.name === name) return client().d1.database.get(found.uuid!, { account_id: accountId });
    }
    return undefined;
  };
  const outputs = (inputs: Inputs, database: Cloudflare.D1Resource.D1) => ({
    primaryLocationHint: undefined,
    jurisdiction: undefined,
    readReplication: undefined,
    fields: undefined,
    ...inputs,
    uuid: database.uuid,
    createdAt: database.created_at,
    fileSize: database.file_size ?? 0,
    numTables: database.num_tables ?? 0,
    version: database.version,
  });
  return typedHandler<Inputs>({
    replaceOn: ["accountId", "name", "primaryLocationHint", "jurisdiction"],
    stableOutputs: ["uuid", "createdAt", "version", "fields"],
    naturalKey: ({ accountId, name }) => `${accountId}/${name}`,
    async create(inputs) {
      const { accountId, name, primaryLocationHint, jurisdiction, readReplication } = inputs;
      const database = await createOnce(
        (options) =>
          client().d1.database.create(
            {
              account_id: accountId,
              name,
              ...(primaryLocationHint === undefined ? {} : { primary_location_hint: primaryLocationHint }),
              ...(jurisdiction === undefined ? {} : { jurisdiction }),
              ...(readReplication === undefined ? {} : { read_replication: readReplication }),
            },
            options,
          ),
        () => find(inputs),
      );
      return { id: database.uuid!, outputs: outputs(inputs, database) };
    },
    async find(inputs) {
      const database = await find(inputs);
      return database === undefined ? undefined : { id: database.uuid!, outputs: outputs(inputs, database) };
    },
    async read({ id, inputs }) {
      const live = await orGone(client().d1.database.get(id, { account_id: inputs.accountId }));
      if (live === undefined) return undefined;
      const { mode } = live.read_replication ?? {};
      // Cloudflare says "disabled" of a database of which nobody has said anything.
      const isUnset = mode === undefined || (mode === "disabled" && inputs.readReplication === undefined);
      return { name: live.name, readReplication: isUnset ? undefined : { mode } };
    },
    async update({ id }, inputs) {
      const readReplication = inputs.readReplication ?? { mode: "disabled" as const };
      const params = { account_id: inputs.accountId, read_replication: readReplication };
      return outputs(inputs, await client().d1.database.edit(id, params));
    },
    async delete({ id, inputs }) {
      await unlessGone(client().d1.database.delete(id, { account_id: inputs.accountId }));
    },
  });
}
