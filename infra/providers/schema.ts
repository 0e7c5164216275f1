import { z } from "zod";
import { CONFIG } from "./config";
import { TypeCollector, type TypeSchema } from "./schemaTypes";

/** What of a resource goes into the schema. */
export interface Described {
  readonly description: string;
  readonly inputs: z.ZodObject;
  readonly outputs: z.ZodObject;
}

/** Name of the package: the first part of every token. */
const PACKAGE = "wandstore";

/** Pulumi's package schema, made from the very schemas that inputs are checked with. */
export function packageSchema(version: string, resources: Readonly<Record<string, Described>>): object {
  const types: Record<string, TypeSchema> = {};
  const configuration = new TypeCollector(`${PACKAGE}:config:`, types).propertiesOf(CONFIG).properties;
  return {
    name: PACKAGE,
    displayName: "WandStore",
    version,
    description: "What a WandStore stack needs of Cloudflare and @pulumi/cloudflare lacks.",
    keywords: ["category/cloud", "kind/native", "cloudflare"],
    config: { variables: configuration },
    provider: {
      description: "The account that resources of this package are in. What is left out comes from the environment.",
      inputProperties: configuration,
      properties: configuration,
    },
    resources: Object.fromEntries(
      Object.entries(resources).map(([token, described]) => [token, resourceSchema(token, described, types)]),
    ),
    types, // filled while the resources were described
  };
}

function resourceSchema(
  token: string,
  { description, inputs, outputs }: Described,
  types: Record<string, TypeSchema>,
): object {
  const collector = new TypeCollector(token, types);
  const taken = collector.propertiesOf(inputs);
  const given = collector.propertiesOf(outputs);
  return {
    description,
    inputProperties: taken.properties,
    requiredInputs: taken.required,
    properties: { ...taken.properties, ...given.properties },
    required: [...taken.required, ...given.required],
  };
}

/**
 * Paths of the properties that are secrets by their schema, such as `verification.token`: those with `.meta({ secret: true })`. Of a
 * list with secrets in it the whole list is one.
 */
export function secretPaths(object: z.ZodObject): ReadonlySet<string> {
  return new Set(pathsIn(z.toJSONSchema(object), ""));
}

function pathsIn({ properties = {} }: z.core.JSONSchema._JSONSchema & object, at: string): string[] {
  return Object.entries(properties).flatMap(([key, schema]) => {
    if (typeof schema === "boolean") return [];
    if (schema.type === "object" && schema.secret !== true) return pathsIn(schema, `${at}${key}.`);
    return holdsSecret(schema) ? [at + key] : [];
  });
}

const holdsSecret = (value: unknown): boolean =>
  typeof value === "object" &&
  value !== null &&
  (("secret" in value && value.secret === true) || Object.values(value).some(holdsSecret));
