import type Cloudflare from "cloudflare";
import { NotFoundError } from "cloudflare/error";
import { createOnce, unlessGone } from "../context";
import type { Handler } from "../handler";
import { typedHandler } from "../typed";

type Create = Cloudflare.R2.BucketCreateParams;

interface Inputs {
  accountId: string;
  name: string;
  jurisdiction?: NonNullable<Create["cf-r2-jurisdiction"]>;
  location?: NonNullable<Create["locationHint"]>;
  storageClass?: NonNullable<Create["storageClass"]>;
}

/** Objects that are deleted side by side when a bucket is emptied. */
const DELETES_AT_ONCE = 20;

/**
 * cloudflare:index/r2Bucket:R2Bucket. Cloudflare refuses to delete a bucket that is not empty, and its provider leaves it
 * so. Here the bucket is emptied first: an embedded cloud is made to be thrown away.
 */
export function r2Bucket(client: () => Cloudflare): Handler {
  const where = ({ accountId, jurisdiction }: Inputs) => ({
    account_id: accountId,
    ...(jurisdiction === undefined ? {} : { "cf-r2-jurisdiction": jurisdiction }),
  });
  const find = async (inputs: Inputs): Promise<Cloudflare.R2.Bucket | undefined> => {
    try {
      return await client().r2.buckets.get(inputs.name, where(inputs));
    } catch (error) {
      if (error instanceof NotFoundError) return undefined;
      throw error;
    }
  };
  const outputs = (inputs: Inputs, bucket: Cloudflare.R2.Bucket) => ({
    jurisdiction: bucket.jurisdiction ?? "default",
    location: bucket.location,
    storageClass: bucket.storage_class ?? "Standard",
    ...inputs,
    creationDate: bucket.creation_date,
  });
  const empty = async (inputs: Inputs): Promise<void> => {
    const { objects } = client().r2.buckets;
    const params = { ...where(inputs), bucket_name: inputs.name };
    let batch: Promise<unknown>[] = [];
    for await (const object of objects.list(inputs.name, { ...where(inputs), per_page: 1000 })) {
      batch.push(unlessGone(objects.delete(object.key!, params)));
      if (batch.length < DELETES_AT_ONCE) continue;
      await Promise.all(batch);
      batch = [];
    }
    await Promise.all(batch);
  };
  return typedHandler<Inputs>({
    replaceOn: ["accountId", "name", "jurisdiction", "location"],
    stableOutputs: ["creationDate", "jurisdiction", "location"],
    naturalKey: ({ accountId, name }) => `${accountId}/${name}`,
    async create(inputs) {
      const { name, location, storageClass } = inputs;
      const params: Create = {
        ...where(inputs),
        name,
        ...(location === undefined ? {} : { locationHint: location }),
        storageClass: storageClass ?? "Standard",
      };
      const bucket = await createOnce(
        (options) => client().r2.buckets.create(params, options),
        () => find(inputs),
      );
      return { id: name, outputs: outputs(inputs, bucket) };
    },
    async find(inputs) {
      const bucket = await find(inputs);
      return bucket === undefined ? undefined : { id: inputs.name, outputs: outputs(inputs, bucket) };
    },
    async read({ inputs }) {
      const live = await find(inputs);
      return live && { storageClass: live.storage_class ?? "Standard", location: live.location };
    },
    async update({ inputs: { name } }, inputs) {
      const params = { ...where(inputs), storage_class: inputs.storageClass ?? "Standard" };
      return outputs(inputs, await client().r2.buckets.edit(name, params));
    },
    async delete({ inputs }) {
      await unlessGone(empty(inputs));
      await unlessGone(client().r2.buckets.delete(inputs.name, where(inputs)));
    },
  });
}
