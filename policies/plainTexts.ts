import type { Resource } from "./rule";
import { CODE, TYPES } from "./types";
import { isObject, listOf, objectOf, type Props, textOf } from "./values";

/** A text that anybody who may look at a resource can read. */
export interface PlainText {
  /** What it is, with the name that people know it by. */
  readonly what: string;
  /** The names that a person gave it, or parts of it; none of a property, which the provider named. */
  readonly names: readonly string[];
  readonly text: string;
}

/** Cloudflare's things and ours; the providers of other types know which of their properties are secrets. */
const LOOKED_AT = /^(?:cloudflare|wandstore):/;
/** Properties that are judged as what they are, that a provider keeps secret, or that are code. */
const PASSED_OVER: ReadonlySet<string> = new Set([
  "bindings",
  "content",
  "deploymentConfigs",
  "keyName",
  "metadata",
  "secret",
  "secrets",
  "sql",
  "token",
  "value",
]);

/** Every text of a resource in which somebody might put a secret. */
export const plainTextsOf = (resource: Resource): readonly PlainText[] => [
  ...bindingsOf(resource),
  ...kvValuesOf(resource),
  ...pagesVariablesOf(resource),
  ...propertiesOf(resource),
];

function bindingsOf({ type, props }: Resource): PlainText[] {
  if (!CODE.has(type)) return [];
  return listOf(props["bindings"]).flatMap(({ type: kind, name, text, json }) => {
    if (kind === "plain_text") return variable("plain-text binding", name, text);
    return kind === "json" ? variable("JSON binding", name, isObject(json) ? JSON.stringify(json) : json) : [];
  });
}

function kvValuesOf({ type, props }: Resource): PlainText[] {
  if (type !== TYPES.kvValue) return [];
  const { keyName, value, metadata } = props;
  // A shop and what it sells may be called anything: "Secret Garden", a token of silver.
  const isShop = textOf(keyName)?.startsWith("store:") === true;
  const found = [...variable("KV value", keyName, value), ...variable("metadata of the KV value", keyName, metadata)];
  return isShop ? found.map((each) => ({ ...each, names: [] })) : found;
}

function pagesVariablesOf({ type, props }: Resource): PlainText[] {
  if (type !== TYPES.pages) return [];
  return Object.values(objectOf(props["deploymentConfigs"])).flatMap((config) =>
    Object.entries(objectOf(objectOf(config)["envVars"])).flatMap(([name, given]) => {
      const { type: kind, value } = objectOf(given);
      return kind === "secret_text" ? [] : variable("plain variable", name, value);
    }),
  );
}

function propertiesOf({ type, props }: Resource): PlainText[] {
  if (!LOOKED_AT.test(type)) return [];
  return textsIn(props, (key) => !PASSED_OVER.has(key)).map(({ path, text }) => {
    return { what: `property ${path.join(".")}`, names: [], text };
  });
}

function variable(what: string, name: unknown, value: unknown): PlainText[] {
  const text = textOf(value);
  if (text === undefined) return [];
  const given = textOf(name) ?? "?";
  return [{ what: `${what} ${given}`, names: [given, ...namesIn(text)], text }];
}

/** The names that JSON in a text gives to texts; `key` alone is half of a pair: {"key": "colour", "value": "green"}. */
function namesIn(text: string): string[] {
  if (!/^\s*[[{]/.test(text)) return [];
  try {
    const found = textsIn(JSON.parse(text) as Props, () => true);
    return found.flatMap(({ path, text: inner }) => (inner === "" ? [] : path.filter((key) => key !== "key")));
  } catch {
    return [];
  }
}

interface Found {
  readonly path: readonly string[];
  readonly text: string;
}

function textsIn(value: unknown, isWanted: (key: string) => boolean, path: readonly string[] = []): Found[] {
  if (typeof value === "string") return [{ path, text: value }];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    isWanted(key) ? textsIn(inner, isWanted, [...path, key]) : [],
  );
}
