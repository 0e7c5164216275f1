import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { parseDocument } from "yaml";
import type { ImagePin } from "./engine";

const KEY = "wandstore:image";

/** The text of a stack's file with another image in it; all else stays as it is. */
export function withImage(text: string, image: ImagePin): string {
  const document = parseDocument(text);
  document.setIn(["config", KEY], { ...image });
  return document.toString({ lineWidth: 0 });
}

/**
 * Runs something with a copy of a stack's file that has the image in it: what is in the checkout stays as it was reviewed.
 * @param work gets the copy, or undefined where there is no image to put in
 */
export async function withPinnedCopy<T>(
  projectDir: string,
  stack: string,
  image: ImagePin | undefined,
  work: (configFile: string | undefined) => Promise<T>,
): Promise<T> {
  if (image === undefined) return work(undefined);
  const folder = mkdtempSync(path.join(tmpdir(), "wandstore-stack-"));
  try {
    const name = `Pulumi.${stack}.yaml`;
    const copy = path.join(folder, name);
    writeFileSync(copy, withImage(readFileSync(path.join(projectDir, name), "utf8"), image), { mode: 0o600 });
    return await work(copy);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
