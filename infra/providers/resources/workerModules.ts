import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { z } from "zod";

/** A file of a Worker's code. */
export const Module = z
  .object({
    name: z.string().min(1).describe("Name by which the other modules import it."),
    contentType: z.string().min(1).describe("Such as `application/javascript+module` or `application/source-map`."),
    file: z.string().min(1).describe("Path of the file, relative to the project."),
    sha256: z
      .string()
      .regex(/^[0-9a-f]{64}$/, "expected 64 hex digits")
      .describe("SHA-256 of the file, hex: the only thing that says whether the module changed."),
  })
  .describe("A file of a Worker's code.");
export type Module = z.infer<typeof Module>;

/** A module in Cloudflare's shape. */
export interface SentModule {
  readonly name: string;
  readonly content_type: string;
  readonly content_base64: string;
}

/** @throws Error when the file is no longer the one that was planned with. */
export async function moduleToSend(root: string, module: Module): Promise<SentModule> {
  const content = await readFile(resolve(root, module.file));
  if (sha256(content) !== module.sha256) {
    throw new Error(`${module.file} changed while it was being deployed. Deploy again.`);
  }
  return { name: module.name, content_type: module.contentType, content_base64: content.toString("base64") };
}

/** The way back. Which file it came from nobody knows: it is taken for one that is called as the module is. */
export const moduleFrom = ({ name, content_type: contentType, content_base64: content }: SentModule): Module => ({
  name,
  contentType,
  file: name,
  sha256: sha256(Buffer.from(content, "base64")),
});

/** Whether the code is the same, wherever the files are and in whatever order they are named. */
export function isSameCode(old: readonly Module[], wanted: readonly Module[]): boolean {
  const view = (modules: readonly Module[]): string =>
    JSON.stringify(modules.map(({ name, contentType, sha256: hash }) => [name, contentType, hash]).toSorted(byFirst));
  return view(old) === view(wanted);
}

const byFirst = ([a = ""]: string[], [b = ""]: string[]): number => (a < b ? -1 : Number(a > b));
const sha256 = (content: Buffer): string => createHash("sha256").update(content).digest("hex");
