import { howToSet, SECRET_SETTINGS, type SecretSetting } from "../secrets";
import { type Shape, settingsShape } from "../shape";

/** JSON Schema, draft-07. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/**
 * The schema of a whole stack file, for editors. It takes what the program takes, in the forms too that the Pulumi CLI
 * writes (`../pulumiValues`); contradictions between settings are for the program to find.
 */
export function editorSchema(): JsonSchema {
  const { properties = {}, required = [] } = settingsShape();
  const settings = Object.entries(properties).map(([key, shape]) => {
    const isNeeded = required.includes(key);
    return [`wandstore:${key}`, inStackFile(inEditor(shape), isNeeded)];
  });
  const secrets = Object.entries<SecretSetting>(SECRET_SETTINGS).map(([key, secret]) => [
    `wandstore:${key}`,
    secretInStackFile(key, secret),
  ]);
  return {
    $schema: "http://json-schema.org/draft-07/schema#",
    $comment: "Generated from infra/config/settings by `npm run generate`.",
    title: "Stack of WandStore",
    type: "object",
    properties: {
      config: {
        type: "object",
        properties: Object.fromEntries([...settings, ...secrets]),
        patternProperties: { "^(?!wandstore:)[^:]+:": { description: "Config of another provider." } },
        // The account may come from the environment.
        required: required.filter((key) => key !== "accountId").map((key) => `wandstore:${key}`),
        additionalProperties: false,
      },
      secretsprovider: { type: "string", description: "What encrypts the secrets; the Pulumi CLI writes it." },
      encryptedkey: { type: "string", description: "The Pulumi CLI writes it." },
      encryptionsalt: { type: "string", description: "The Pulumi CLI writes it." },
      environment: { description: "Environments of Pulumi ESC." },
    },
    required: ["config"],
    additionalProperties: false,
  };
}

/** What of a shape is put in other words, or is no part of JSON Schema. */
const REWRITTEN = new Set(["default", "description", "form", "format", "items", "otherwise", "properties", "unit"]);

/** A setting as the program takes it, told in one text. */
function inEditor(shape: Shape): JsonSchema {
  const { type, properties, items, format, default: usual } = shape;
  const description = describe(shape);
  const schema: JsonSchema = {
    ...Object.fromEntries(Object.entries(shape).filter(([key]) => !REWRITTEN.has(key))),
    ...(description && { description }),
  };
  if (properties) {
    const inside = Object.entries(properties).map(([key, property]) => [key, inEditor(property)]);
    return { ...schema, properties: Object.fromEntries(inside) };
  }
  const leaf = { ...schema, ...(usual !== undefined && { default: usual }), ...(items && { items: inEditor(items) }) };
  if (type === "number") return { ...leaf, type: ["number", "string"], pattern: "^\\d+\\.\\d+$" };
  if (format === "uri") return { ...leaf, format, pattern: "^https?://" };
  if (format === "date") return { ...leaf, pattern: "^\\d{4}-\\d{2}-\\d{2}( 00:00:00 \\+0000 UTC)?$" };
  const isFree = type === "string" && !shape.enum && new RegExp(shape.pattern ?? "").test(DIGITS);
  return isFree ? { ...leaf, type: ["string", "integer"] } : leaf;
}

/** Text that may be digits alone, such as a build id, is a number once `config set --path` has written it. */
const DIGITS = "123456789012";

function describe({ description, unit, form, otherwise }: Shape): string {
  return [description, unit && `Unit: ${unit}.`, form && `Form: ${form}.`, otherwise && `Default: ${otherwise}.`]
    .filter(Boolean)
    .join(" ");
}

/** The CLI writes a top-level switch as text, and a group with nothing below it is nothing or, rewritten, an empty text. */
function inStackFile(schema: JsonSchema, isNeeded: boolean): JsonSchema {
  if (schema["type"] === "boolean") return { ...schema, type: ["boolean", "string"], pattern: "^(true|false)$" };
  const isGroup = schema["type"] === "object" || schema["type"] === "array";
  return isGroup && !isNeeded ? { ...schema, type: [schema["type"], "null", "string"], maxLength: 0 } : schema;
}

const secretInStackFile = (key: string, { what, otherwise }: SecretSetting): JsonSchema => ({
  description: `${what} A secret: \`${howToSet(key)}\`. Default: ${otherwise}.`,
  type: "object",
  properties: { secure: { type: "string", description: "What the Pulumi CLI made of it." } },
  required: ["secure"],
  additionalProperties: false,
});
