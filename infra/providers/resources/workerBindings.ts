import { isDeepStrictEqual } from "node:util";
import { z } from "zod";
import { NOT_READ_BACK } from "../unread";

const name = z.string().min(1).describe("What the Worker finds it under in its environment.");

const kind = <Kind extends string>(value: Kind) => z.literal(value).describe("The kind of binding.");

/** The kinds of binding that this project uses. Secrets come apart, so that this list can be shown. */
export const Binding = z.discriminatedUnion("type", [
  z.object({ type: kind("plain_text"), name, text: z.string().describe("The value.") }).describe("A text."),
  z
    .object({ type: kind("kv_namespace"), name, namespaceId: z.string().describe("The namespace.") })
    .describe("A KV namespace."),
  z.object({ type: kind("d1"), name, databaseId: z.string().describe("The database.") }).describe("A D1 database."),
  z
    .object({ type: kind("r2_bucket"), name, bucketName: z.string().describe("The bucket's name.") })
    .describe("An R2 bucket."),
  z
    .object({
      type: kind("durable_object_namespace"),
      name,
      className: z.string().describe("The class, one that this Worker exports."),
    })
    .describe("The objects of a Durable Object class."),
]);
export type Binding = z.infer<typeof Binding>;

/** Bindings in Cloudflare's shape, secrets among them, sorted by name. */
export function bindingsToSend(bindings: readonly Binding[], secrets: Readonly<Record<string, string>>): object[] {
  const secretTexts = Object.entries(secrets).map(([key, text]) => ({ type: "secret_text", name: key, text }));
  return [...bindings.map(toSend), ...secretTexts].toSorted((a, b) => byName(a.name, b.name));
}

/** Whether they are the same bindings, in whatever order. */
export function isSameBindings(old: readonly Binding[], wanted: readonly Binding[]): boolean {
  const sorted = (bindings: readonly Binding[]): Binding[] => bindings.toSorted((a, b) => byName(a.name, b.name));
  return isDeepStrictEqual(sorted(old), sorted(wanted));
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

/** A binding as Cloudflare gives it back. */
export type SentBinding = Readonly<Record<string, unknown>>;

/**
 * The way back: bindings sorted by name, and the names of the secrets, whose values nobody gets.
 * @throws Error for a kind of binding that this provider does not have.
 */
export function bindingsFrom(sent: readonly SentBinding[]): { bindings: Binding[]; secrets: Record<string, string> } {
  const sorted = sent.toSorted((a, b) => byName(String(a["name"]), String(b["name"])));
  const isSecret = ({ type }: SentBinding): boolean => type === "secret_text";
  return {
    bindings: sorted.filter((one) => !isSecret(one)).map(fromSent),
    secrets: Object.fromEntries(sorted.filter(isSecret).map((one) => [String(one["name"]), NOT_READ_BACK])),
  };
}

function fromSent(sent: SentBinding): Binding {
  const named = Binding.safeParse({
    type: sent["type"],
    name: sent["name"],
    text: sent["text"],
    namespaceId: sent["namespace_id"],
    databaseId: sent["database_id"] ?? sent["id"],
    bucketName: sent["bucket_name"],
    className: sent["class_name"],
  });
  if (named.success) return named.data;
  throw new Error(
    `The binding ${String(sent["name"])} is of the kind ${String(sent["type"])}, which WorkerVersion does not have. ` +
      "A version with it cannot be imported.",
  );
}
