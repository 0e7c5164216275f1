import type { Resource } from "./rule";
import { TYPES } from "./types";
import { type Props, textOf } from "./values";

/** Kinds of binding that name something of the account: by which of their properties, and what makes such a thing. */
const KINDS: Readonly<Record<string, Kind>> = {
  kv_namespace: { name: "KV namespace", by: ["namespaceId"], of: { [TYPES.kvNamespace]: ["id"] } },
  d1: { name: "D1 database", by: ["databaseId", "id"], of: { [TYPES.database]: ["id", "uuid"] } },
  r2_bucket: { name: "R2 bucket", by: ["bucketName"], of: { [TYPES.bucket]: ["name", "id"] } },
  queue: { name: "queue", by: ["queueName"], of: { [TYPES.queue]: ["queueName"] } },
  service: { name: "Worker", by: ["service"], of: { [TYPES.worker]: ["name"], [TYPES.script]: ["scriptName"] } },
};
interface Kind {
  readonly name: string;
  readonly by: readonly string[];
  readonly of: Readonly<Record<string, readonly string[]>>;
}

/** What a binding refers to. */
export interface Target {
  readonly kind: string;
  readonly id: string;
  readonly isOwn: boolean;
}

/** Everything of a stack that a Worker can be bound to. */
export function ownThings(resources: readonly Resource[]): { targetOf(binding: Props): Target | undefined } {
  return {
    /** Nothing of a binding that refers to nothing, or to something that is still to be made and so is the stack's own. */
    targetOf(binding) {
      const kind = KINDS[textOf(binding["type"]) ?? ""];
      const id = kind?.by.map((key) => textOf(binding[key])).find((text) => text !== undefined);
      if (kind === undefined || id === undefined) return undefined;
      const ids = resources.flatMap(({ type, props }) => (kind.of[type] ?? []).map((key) => props[key]));
      return { kind: kind.name, id, isOwn: ids.includes(id) };
    },
  };
}

/** Names of the stack's Workers. */
export const scriptNames = (resources: readonly Resource[]): readonly string[] =>
  resources.flatMap(({ type, props }) => {
    const key = KINDS["service"]!.of[type]?.[0];
    return key === undefined ? [] : (textOf(props[key]) ?? []);
  });
