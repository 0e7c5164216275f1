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
const responses = moved((description.components as { responses?: Json }).responses ?? {}) as Json;
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

function schemaOf(template: string, method: string, status: number): Json | undefined {
  const operation = (description.paths as Record<string, Record<string, { responses?: Json }>>)[template]?.[method];
  const found = operation?.responses?.[String(status)] ?? operation?.responses?.[status < 500 ? "4XX" : "5XX"];
  const answer = (referred(found) ?? found) as { content?: Record<string, { schema?: Json }> } | undefined;
  const schema = answer?.content?.["application/json"]?.schema;
  return schema && (moved(schema) as Json);
}

function referred(found: unknown): unknown {
  const reference = (found as { $ref?: string } | undefined)?.$ref;
  return reference?.startsWith("#/components/responses/") ? responses[reference.split("/").at(-1) ?? ""] : undefined;
}

/** The same schema with references to `$defs`, and `nullable` said in JSON Schema's way. */
function moved(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(moved);
  if (typeof value !== "object" || value === null) return value;
  const copy = Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, moved(inner)])) as Json;
  if (typeof copy.$ref === "string") return { $ref: copy.$ref.replace("#/components/schemas/", "#/$defs/") };
  for (const word of ["example", "examples", "default", "discriminator", "xml", "readOnly", "writeOnly"]) {
    if (word in copy && typeof (copy as { properties?: unknown }).properties !== "undefined") delete copy[word];
  }
  const { nullable, ...rest } = copy;
  return nullable === true ? { anyOf: [rest, { type: "null" }] } : copy;
}
