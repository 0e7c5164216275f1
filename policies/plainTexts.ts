import type { Resource } from "./rule";
import { CODE, TYPES } from "./types";
import { listOf, objectOf, textOf } from "./values";

/** A text that anybody who may look at a resource can read. */
export interface PlainText {
  readonly what: string;
  readonly name: string;
  readonly text: string;
}

/** Every text of a resource in which somebody might put a secret. */
export function plainTextsOf({ type, props }: Resource): readonly PlainText[] {
  if (CODE.has(type)) {
    return listOf(props["bindings"]).flatMap((binding) => {
      const text = binding["type"] === "plain_text" ? binding["text"] : binding["type"] === "json" && binding["json"];
      return plainText("plain-text binding", binding["name"], text);
    });
  }
  if (type === TYPES.kvValue) {
    return [
      ...plainText("KV value", props["keyName"], props["value"]),
      ...plainText("metadata of the KV value", props["keyName"], props["metadata"]),
    ];
  }
  if (type !== TYPES.pages) return [];
  return Object.values(objectOf(props["deploymentConfigs"])).flatMap((config) =>
    Object.entries(objectOf(objectOf(config)["envVars"])).flatMap(([name, variable]) => {
      const { type: kind, value } = objectOf(variable);
      return kind === "secret_text" ? [] : plainText("plain variable", name, value);
    }),
  );
}

function plainText(what: string, name: unknown, value: unknown): PlainText[] {
  const text = textOf(value);
  return text === undefined ? [] : [{ what, name: textOf(name) ?? "?", text }];
}
