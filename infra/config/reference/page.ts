import { stringify } from "yaml";
import { RULES } from "../contradictions";
import { howToSet, SECRET_SETTINGS, type SecretSetting } from "../secrets";
import { type Shape, settingsShape } from "../shape";
import { EXAMPLE } from "./example";

/** The reference of the config, in Markdown. */
export function referencePage(): string {
  const { properties = {}, required = [] } = settingsShape();
  const entries = Object.entries(properties);
  const stack = table(
    entries.filter((entry) => !isGroup(entry)).flatMap(([key, shape]) => rows(key, shape, required.includes(key))),
  );
  const groups = entries.filter(isGroup).map(([key, shape]) => group(key, shape));
  return (
    [INTRODUCTION, "## The stack", stack, ...groups, SECRETS, secretTable(), AFTER_SECRETS, ...ending()].join("\n\n") +
    "\n"
  );
}

const isGroup = ([, { type }]: [string, Shape]): boolean => type === "object";

const INTRODUCTION = `# Config of a stack

<!-- Generated from infra/config/settings by \`npm run generate\`. -->

A stack's config is in \`Pulumi.{stack}.yaml\`, under \`config:\`, each key with \`wandstore:\` before it. Editors that know the YAML
language server complete and check it by \`infra/config/stack.schema.json\`, which the first line of each stack file names. The program
checks it again, whole, before it makes anything: a key that is missing, unknown, of the wrong type, out of range or against another
one is refused with its path, what was found and what is allowed, all in one message.

One value is set with \`pulumi config set --path wandstore:pool.size 20\`.`;

const SECRETS = `## Secrets

None is ever in a stack file in plain text: a plain value under one of these keys is refused. Each is set with
\`pulumi config set --secret wandstore:{key}\`, which asks for the value; no message repeats it.`;

const AFTER_SECRETS = `A setting that is not in this table is refused as a secret: it would be in plain text in the state.`;

function group(key: string, { description, otherwise, properties = {}, required = [] }: Shape): string {
  const about = [description, otherwise && `Without the group: ${otherwise}.`].filter(Boolean).join(" ");
  const inside = Object.entries(properties).flatMap(([name, shape]) =>
    rows(`${key}.${name}`, shape, required.includes(name)),
  );
  return [`## ${key}`, about, table(inside)].join("\n\n");
}

/** A row for a setting, or for each one inside it. */
function rows(path: string, shape: Shape, isNeeded: boolean): string[][] {
  const { description = "", properties, items, required = [] } = shape;
  if (properties) {
    return Object.entries(properties).flatMap(([name, inside]) =>
      rows(`${path}.${name}`, inside, required.includes(name)),
    );
  }
  const row = [`\`${path}\``, typeOf(shape), defaultOf(shape, isNeeded), description];
  return [row, ...(items?.properties ? rows(`${path}[]`, items, false) : [])];
}

function typeOf(shape: Shape): string {
  const { type, minimum, maximum, unit, form, items, maxItems, minLength, maxLength } = shape;
  if (shape.enum) return shape.enum.map((value) => `\`${String(value)}\``).join(", ");
  if (type === "array") {
    const list = maxItems === undefined ? "a list" : `a list of up to ${maxItems}`;
    return items?.type === "string" ? `${list}, each ${typeOf(items)}` : list;
  }
  if (type === "boolean") return "`true`, `false`";
  if (type === "string")
    return form ?? (shape.format === "uri" ? "an address" : `text of ${minLength} to ${maxLength} characters`);
  return `${type === "integer" ? "whole number" : "number"} ${minimum} to ${maximum}${unit ? `, ${unit}` : ""}`;
}

function defaultOf({ default: usual, otherwise }: Shape, isNeeded: boolean): string {
  if (otherwise) return otherwise;
  if (usual !== undefined) return Array.isArray(usual) ? "none" : `\`${String(usual)}\``;
  return isNeeded ? "**needed**" : "none";
}

function secretTable(): string {
  const entries = Object.entries<SecretSetting>(SECRET_SETTINGS);
  const lines = entries.map(([key, { what, form, otherwise }]) => [`\`${key}\``, form, otherwise, what]);
  return table(lines);
}

const HEAD = ["key", "type and range", "default", "what"];
function table(lines: readonly (readonly string[])[]): string {
  const cells = [HEAD, HEAD.map(() => "---"), ...lines];
  return cells.map((line) => `| ${line.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`).join("\n");
}

function ending(): string[] {
  const config = Object.fromEntries(Object.entries(EXAMPLE).map(([key, value]) => [`wandstore:${key}`, value]));
  const yaml = stringify({ config }, { lineWidth: 0 }).trimEnd();
  return [
    "## What contradicts itself",
    RULES.map(({ says }) => `- ${says}`).join("\n"),
    "## An example",
    `\`\`\`yaml\n# yaml-language-server: $schema=infra/config/stack.schema.json\n${yaml}\n\`\`\``,
    `With the key of the model: \`${howToSet("kimiApiKey")}\`.`,
  ];
}
