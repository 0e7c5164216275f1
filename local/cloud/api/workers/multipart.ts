/**
 * An upload as a form: a part `metadata` with JSON, and a part for each module, whose file name is the module's
 * (developers.cloudflare.com/workers/configuration/multipart-upload-metadata). Most clients call the part so, too; the
 * acceptance tests of Cloudflare's Terraform provider call it `files`.
 */
import type { Context } from "hono";
import { z } from "zod";
import { errors, INVALID_INPUT } from "../../refusals";
import { checked } from "../../validation";
import type { UploadedModule } from "../../workers/modules";
import type { Upload } from "../../workers/uploads";
import { parseJson } from "../body";
import { given } from "../given";
import { keptSettings, refuseUnknown, sourceOf, UploadInput } from "./uploadInput";
import { ScriptSettings } from "./settings";

const METADATA = "metadata";
/** What a form without `keep_bindings` keeps: "secrets are never deleted by a deployment" (wrangler's commands, `--keep-vars`). */
export const SECRETS = ["secret_text", "secret_key"];

const Code = z.object({ main_module: z.string().min(1).optional(), body_part: z.string().optional() });
const Metadata = UploadInput.extend({
  ...Code.shape,
  keep_bindings: z.array(z.string()).default(SECRETS),
}).extend(ScriptSettings.shape);

export interface FormUpload extends Upload {
  /** Settings that are no version's, as far as the form has them. */
  settings: z.output<typeof ScriptSettings>;
}

/** The code alone of an upload. */
export async function readContent(c: Context): Promise<Pick<FormUpload, "mainModule" | "modules">> {
  const { mainModule, modules } = await read(c, Code);
  return { mainModule, modules };
}

async function read<T extends z.output<typeof Code>>(c: Context, schema: z.ZodType<T>) {
  const form = await c.req.formData().catch(() => undefined);
  const field = form?.get(METADATA) ?? null;
  if (!form || field === null) throw errors.invalidUpload("could not read content for part metadata"); // words seen
  const text = typeof field === "string" ? field : await field.text();
  const metadata = checked(schema, parseJson(text, INVALID_INPUT.workers), INVALID_INPUT.workers);
  if (metadata.body_part !== undefined)
    throw errors.unsupported("Workers of the service worker syntax; use ES modules");
  if (metadata.main_module === undefined) throw errors.invalidUpload("main_module: the metadata names none");
  return { metadata, mainModule: metadata.main_module, modules: await modulesOf(form) };
}

export async function readForm(c: Context): Promise<FormUpload> {
  const { metadata, mainModule, modules } = await read(c, Metadata);
  refuseUnknown(metadata);
  const { logpush, observability, tags, tail_consumers } = metadata;
  return {
    mainModule,
    modules,
    bindings: metadata.bindings,
    keepBindings: metadata.keep_bindings,
    containers: metadata.containers,
    migrations: metadata.migrations,
    compatibilityDate: metadata.compatibility_date,
    compatibilityFlags: metadata.compatibility_flags,
    annotations: given(metadata.annotations),
    kept: keptSettings(metadata),
    source: sourceOf(c),
    settings: given({ logpush, observability, tags, tail_consumers }) as FormUpload["settings"],
  };
}

function modulesOf(form: FormData): Promise<UploadedModule[]> {
  const parts = [...form.entries()].filter(([name]) => name !== METADATA);
  return Promise.all(
    parts.map(async ([name, part]) => {
      if (typeof part === "string") throw errors.invalidUpload(`modules: the part '${name}' is no file`);
      return { name: part.name, content_type: part.type, content: Buffer.from(await part.arrayBuffer()) };
    }),
  );
}
