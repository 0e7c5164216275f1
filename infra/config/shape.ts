import { z } from "zod";
import { SettingsSchema } from "./settings";

/** The part of JSON Schema (draft-07) that settings are described in, with what `about` says of each. */
export interface Shape {
  readonly type?: "object" | "array" | "string" | "integer" | "number" | "boolean";
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Shape>>;
  readonly required?: readonly string[];
  readonly items?: Shape;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly enum?: readonly unknown[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
  readonly format?: string;
  readonly default?: unknown;
  readonly examples?: readonly unknown[];
  readonly unit?: string;
  readonly form?: string;
  readonly otherwise?: string;
}

let made: Shape | undefined;

/** All settings as data. Made when it is first asked for: a good config needs it only for its values' types. */
export function settingsShape(): Shape {
  made ??= z.toJSONSchema(SettingsSchema, { target: "draft-7", io: "input" }) as Shape;
  return made;
}

/** What may be at a path; undefined where nothing may. */
export function shapeAt(path: readonly PropertyKey[]): Shape | undefined {
  let shape: Shape | undefined = settingsShape();
  for (const step of path) shape = typeof step === "number" ? shape?.items : shape?.properties?.[String(step)];
  return shape;
}
