/** Judges answers of the embedded cloud by Cloudflare's own description of its API. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";

const FILE = join(__dirname, "../../../../shared/data/cloudflare-openapi.json");

/** Where there is no description, nothing is judged, and `openapi.test.ts` says so. */
export const HAS_DESCRIPTION = existsSync(FILE);

type Json = Record<string, unknown>;

const description = HAS_DESCRIPTION ? (JSON.parse(readFileSync(FILE, "utf8")) as Json) : { paths: {}, components: {} };
const schemas = moved((description.components as { schemas?: Json }).schemas ?? {}) as Json;
const validators = new Map<string, z.ZodType | undefined>();

/** What is wrong with an answer; empty where nothing is, or where Cloudflare describes no such answer. */
export function problemsOf(method: string, path: string, status: number, body: unknown): string[] {
  const template = Object.keys(description.paths as Json).find((one) => matches(one, path));
  if (!template) return [];
  const schema = validator(template, method.toLowerCase(), status);
  const parsed = schema?.safeParse(body);
  if (!parsed || parsed.success) return [];
  return parsed.error.issues.map(
    (issue) => `${method} ${template} ${status}: ${issue.path.join(".")}: ${issue.message}`,
  );
}

function matches(template: string, path: string): boolean {
  const wanted = template.split("/");
  const given = path.split("/");
  return wanted.length === given.length && wanted.every((part, at) => part.startsWith("{") || part === given[at]);
}

function validator(template: string, method: string, status: number): z.ZodType | undefined {
  const key = `${method} ${template} ${status}`;
  if (!validators.has(key)) {
    const schema = schemaOf(template, method, status);
    validators.set(
      key,
      schema && z.fromJSONSchema({ ...schema, $defs: schemas } as never, { defaultTarget: "draft-2020-12" }),
    );
  }
  return validators.get(key);
}

/** Only successes: what Cloudflare describes for refusals contradicts itself (`success: true` in some). */
function schemaOf(template: string, method: string, status: number): Json | undefined {
  type Operation = { responses?: Record<string, { content?: Record<string, { schema?: Json }> }> };
  const operation = (description.paths as Record<string, Record<string, Operation>>)[template]?.[method];
  const schema =
    status < 300 ? operation?.responses?.[String(status)]?.content?.["application/json"]?.schema : undefined;
  return schema && (moved(schema) as Json);
}

/**
 * The schema of an answer in JSON Schema's words: references to `$defs`, `nullable` and `type: unknown` resolved, and what only
 * requests carry not required.
 */
function moved(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(moved);
  if (typeof value !== "object" || value === null) return value;
  const copy = Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, moved(inner)])) as Json;
  if (typeof copy.$ref === "string") return { $ref: copy.$ref.replace("#/components/schemas/", "#/$defs/") };
  if (copy.type === "unknown") delete copy.type;
  if (Array.isArray(copy.required)) copy.required = copy.required.filter((name) => !isWriteOnly(value, name as string));
  const { nullable, ...rest } = copy;
  return nullable === true ? { anyOf: [rest, { type: "null" }] } : copy;
}

function isWriteOnly(schema: object, name: string): boolean {
  return (schema as { properties?: Record<string, { writeOnly?: boolean }> }).properties?.[name]?.writeOnly === true;
}
