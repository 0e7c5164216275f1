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
allowEmpty("workers_placement_info", "workers_placement_info_no_status");

/** What is wrong with an answer; empty where nothing is, or where Cloudflare describes no such answer. */
export function problemsOf(method: string, path: string, status: number, body: unknown): string[] {
  const template = templateOf(path);
  const described = template === undefined ? undefined : validator(template, method.toLowerCase(), status);
  const schema: z.ZodType | undefined = status >= 400 ? Refusal : described;
  const parsed = schema?.safeParse(body);
  const name = `${method} ${template ?? path} ${status}`;
  // 501 is how the embedded cloud says what it has not; any other is a fault of its own.
  const broken = status >= 500 && status !== 501 ? [`${name}: the embedded cloud failed: ${JSON.stringify(body)}`] : [];
  if (!parsed || parsed.success) return broken;
  return [...broken, ...parsed.error.issues.map((issue) => `${name}: ${issue.path.join(".")}: ${issue.message}`)];
}

/** What every refusal is, whatever the service; what Cloudflare describes contradicts itself (`success: true` in some). */
const Message = z.strictObject({
  code: z.int().min(1),
  message: z.string().min(1).max(8000),
  error_chain: z.array(z.object({ code: z.int(), message: z.string() })).optional(),
});
const Refusal = z.strictObject({
  result: z.null(),
  success: z.literal(false),
  errors: z.array(Message).min(1),
  messages: z.array(z.unknown()),
});

/** The path of the description that a request's path belongs to; undefined where it has none. */
export function templateOf(path: string): string | undefined {
  const fitting = Object.keys(description.paths as Json).filter((one) => matches(one, path));
  return fitting.toSorted((a, b) => a.split("{").length - b.split("{").length)[0];
}

/** The operation `GET /accounts/{account_id}/…` of the description for a route of ours, whatever its parameters are called. */
export function operationOf(route: string): string | undefined {
  const [method = "", path = ""] = route.split(" ");
  const shape = (text: string) => text.replace(/\{[^}]*\}/g, "{}");
  const template = Object.keys(description.paths as Json).find((one) => shape(one) === shape(path));
  const operations = template && (description.paths as Record<string, Json>)[template];
  return operations && method.toLowerCase() in operations ? `${method} ${template}` : undefined;
}

/** Which operations of the description were judged, and how: a set of `ok` and `refused` for each. */
export class Coverage {
  readonly #seen = new Map<string, Set<string>>();

  add(method: string, path: string, status: number): void {
    const template = templateOf(path);
    if (template === undefined) return;
    const key = `${method} ${template}`;
    this.#seen.set(key, (this.#seen.get(key) ?? new Set()).add(status < 400 ? "ok" : "refused"));
  }

  has(operation: string, how: "ok" | "refused"): boolean {
    return this.#seen.get(operation)?.has(how) ?? false;
  }
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

/** Where Cloudflare answers an empty object for none, against its description: its Terraform provider reads it so, and cannot else. */
function allowEmpty(...names: string[]): void {
  for (const name of names) {
    const schema = schemas[name] as Json | undefined;
    if (schema) schemas[name] = { anyOf: [schema, { type: "object", maxProperties: 0 }] };
  }
}

/** Only successes. */
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
