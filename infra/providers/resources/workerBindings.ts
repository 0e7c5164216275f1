import { z } from "zod";

const name = z.string().min(1);

/** The kinds of binding that this project uses. Secrets come apart, so that this list can be shown. */
export const Binding = z.discriminatedUnion("type", [
  z.object({ type: z.literal("plain_text"), name, text: z.string() }),
  z.object({ type: z.literal("kv_namespace"), name, namespaceId: z.string() }),
  z.object({ type: z.literal("d1"), name, databaseId: z.string() }),
  z.object({ type: z.literal("r2_bucket"), name, bucketName: z.string() }),
  z.object({ type: z.literal("durable_object_namespace"), name, className: z.string() }),
]);
export type Binding = z.infer<typeof Binding>;

/** Bindings in Cloudflare's shape, secrets among them, sorted by name. */
export function bindingsToSend(bindings: readonly Binding[], secrets: Readonly<Record<string, string>>): object[] {
  const secretTexts = Object.entries(secrets).map(([key, text]) => ({ type: "secret_text", name: key, text }));
  return [...bindings.map(toSend), ...secretTexts].toSorted((a, b) => byName(a.name, b.name));
}

/** By code unit, the same on every machine. */
const byName = (a: string, b: string): number => (a < b ? -1 : Number(a > b));

function toSend(binding: Binding): { type: string; name: string } & Record<string, string> {
  switch (binding.type) {
    case "plain_text":
      return binding;
    case "kv_namespace":
      return { type: binding.type, name: binding.name, namespace_id: binding.namespaceId };
    case "d1":
      return { type: binding.type, name: binding.name, database_id: binding.databaseId };
    case "r2_bucket":
      return { type: binding.type, name: binding.name, bucket_name: binding.bucketName };
    case "durable_object_namespace":
      return { type: binding.type, name: binding.name, class_name: binding.className };
  }
}
