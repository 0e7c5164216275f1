import { z } from "zod";

/** A property, or what a list or map holds, in Pulumi's schema. */
export interface PropertySchema {
  readonly type?: string;
  readonly $ref?: string;
  readonly items?: PropertySchema;
  readonly additionalProperties?: PropertySchema;
  readonly oneOf?: readonly PropertySchema[];
  readonly discriminator?: { readonly propertyName: string; readonly mapping: Readonly<Record<string, string>> };
  readonly const?: unknown;
  readonly description?: string;
  readonly secret?: true;
}

/** A type with a name: an object, or a list of allowed words. */
export interface TypeSchema {
  readonly type: "object" | "string";
  readonly description?: string;
  readonly properties?: Readonly<Record<string, PropertySchema>>;
  readonly required?: readonly string[];
  readonly enum?: readonly { readonly value: string }[];
}

type JsonSchema = z.core.JSONSchema.JSONSchema & { readonly secret?: boolean };

/** Turns zod's objects into Pulumi's, giving a name to each object inside: its owner's token and its place in there. */
export class TypeCollector {
  constructor(
    private readonly token: string,
    private readonly types: Record<string, TypeSchema>,
  ) {}

  propertiesOf(object: z.ZodObject): { properties: Record<string, PropertySchema>; required: string[] } {
    return this.#members(z.toJSONSchema(object), "");
  }

  #members(
    { properties = {}, required = [] }: JsonSchema,
    at: string,
  ): { properties: Record<string, PropertySchema>; required: string[] } {
    const entries = Object.entries(properties).map(([key, inner]) => {
      const schema = inner as JsonSchema;
      const property: PropertySchema = {
        ...this.#typeOf(schema, at + pascal(key)),
        ...(schema.const === undefined ? {} : { const: schema.const }),
        ...(schema.description === undefined ? {} : { description: schema.description }),
        ...(schema.secret === true ? { secret: true } : {}),
      };
      return [key, property] as const;
    });
    return { properties: Object.fromEntries(entries), required: [...required] };
  }

  /** @throws Error for what has no counterpart in Pulumi's schema: better than a property that says nothing. */
  #typeOf(schema: JsonSchema, at: string): PropertySchema {
    const union = (schema.oneOf ?? schema.anyOf) as JsonSchema[] | undefined;
    if (union) return this.#union(union, at);
    if (schema.enum)
      return this.#named(at, { type: "string", enum: schema.enum.map((value) => ({ value: String(value) })) });
    switch (schema.type) {
      case "string":
      case "boolean":
      case "integer":
      case "number":
        return { type: schema.type };
      case "array":
        return { type: "array", items: this.#typeOf(schema.items as JsonSchema, singular(at)) };
      case "object":
        if (schema.properties === undefined && typeof schema.additionalProperties === "object")
          return { type: "object", additionalProperties: this.#typeOf(schema.additionalProperties as JsonSchema, at) };
        return this.#named(at, { type: "object", ...described(schema), ...this.#members(schema, at) });
      default:
        throw new Error(`${this.token}: ${at} has no counterpart in Pulumi's schema`);
    }
  }

  /** Objects that one property tells apart, such as the kinds of binding. */
  #union(members: readonly JsonSchema[], at: string): PropertySchema {
    const first = members[0]?.properties ?? {};
    const propertyName = Object.keys(first).find((key) => members.every((one) => constOf(one, key) !== undefined));
    if (propertyName === undefined) throw new Error(`${this.token}: nothing tells the members of ${at} apart`);
    const named = members.map((one) => {
      const value = constOf(one, propertyName) ?? "";
      return [value, this.#typeOf(one, at + pascal(value))] as const;
    });
    const mapping = Object.fromEntries(named.map(([value, { $ref = "" }]) => [value, $ref]));
    return { oneOf: named.map(([, ref]) => ref), discriminator: { propertyName, mapping } };
  }

  #named(at: string, type: TypeSchema): PropertySchema {
    const token = this.token + at;
    this.types[token] = type;
    return { $ref: `#/types/${token}` };
  }
}

const constOf = (schema: JsonSchema, key: string): string | undefined => {
  const property = schema.properties?.[key] as JsonSchema | undefined;
  return typeof property?.const === "string" ? property.const : undefined;
};
const described = ({ description }: JsonSchema) => (description === undefined ? {} : { description });
const pascal = (text: string): string =>
  text.replaceAll(/(?:^|_|-)(\w)/g, (_all, letter: string) => letter.toUpperCase());
const singular = (text: string): string => text.replace(/sses$/, "ss").replace(/([^s])s$/, "$1");
