import { z } from "zod";
import type { Resource } from "./resource";

interface PropertySchema {
  readonly type?: string;
  readonly $ref?: string;
  readonly items?: PropertySchema;
  readonly additionalProperties?: PropertySchema;
  readonly description?: string;
}

/** Pulumi's package schema, made from the very schemas that inputs are checked with. */
export function packageSchema(version: string, resources: Readonly<Record<string, Resource>>): object {
  return {
    name: "wandstore",
    version,
    description: "What a WandStore stack needs of Cloudflare and @pulumi/cloudflare lacks.",
    resources: Object.fromEntries(
      Object.entries(resources).map(([type, { description, inputs, outputs }]) => {
        const taken = propertiesOf(inputs);
        const given = propertiesOf(outputs);
        return [
          type,
          {
            description,
            inputProperties: taken.properties,
            requiredInputs: taken.required,
            properties: { ...taken.properties, ...given.properties },
            required: [...taken.required, ...given.required],
          },
        ];
      }),
    ),
  };
}

function propertiesOf(object: z.ZodObject): { properties: Record<string, PropertySchema>; required: string[] } {
  const { properties = {}, required = [] } = z.toJSONSchema(object);
  return {
    properties: Object.fromEntries(Object.entries(properties).map(([key, schema]) => [key, toPulumi(schema)])),
    required,
  };
}

/** Objects inside are "any" to Pulumi: the check is ours, and naming every nested type would say nothing more. */
function toPulumi(schema: z.core.JSONSchema._JSONSchema): PropertySchema {
  if (typeof schema === "boolean") return { $ref: "pulumi.json#/Any" };
  const description = schema.description === undefined ? {} : { description: schema.description };
  switch (schema.type) {
    case "string":
    case "boolean":
    case "integer":
    case "number":
      return { type: schema.type, ...description };
    case "array":
      return {
        type: "array",
        items: toPulumi((schema.items ?? true) as z.core.JSONSchema._JSONSchema),
        ...description,
      };
    case "object":
      if (schema.properties === undefined && typeof schema.additionalProperties === "object") {
        return { type: "object", additionalProperties: toPulumi(schema.additionalProperties), ...description };
      }
      return { $ref: "pulumi.json#/Any", ...description };
    default:
      return { $ref: "pulumi.json#/Any", ...description };
  }
}
