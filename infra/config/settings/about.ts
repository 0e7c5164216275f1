import { z } from "zod";
import { type EnvironmentDefault, inEachEnvironment } from "../defaults";

/** What people are told of a setting, beside what its schema says already: type, range and default. */
interface About {
  /** One or two sentences. */
  readonly what: string;
  readonly unit?: string;
  /** What a text looks like, in a few words; `text` repeats it in its refusal. */
  readonly form?: string;
  readonly example?: unknown;
  /** What holds where the setting is left out and no one default does. */
  readonly otherwise?: string;
}

/** Says of a setting what its type cannot. The reference, the editors' schema and nothing else read it. */
export const about = <Schema extends z.ZodType>(schema: Schema, { what, example, ...more }: About): Schema =>
  schema.meta({ description: what, ...(example === undefined ? {} : { examples: [example] }), ...more });

/** A text of one form, such as "a host name". */
export const text = (form: string, pattern: RegExp): z.ZodString =>
  z.string().regex(pattern, `expected ${form}`).meta({ form });

/** A switch whose default depends on the environment (`../defaults`). */
export const switchOf = (key: EnvironmentDefault, what: string): z.ZodOptional<z.ZodBoolean> =>
  about(z.boolean().optional(), { what, otherwise: inEachEnvironment(key) });
