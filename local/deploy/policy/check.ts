import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { PolicyResult } from "../events";
import { PolicyViolation } from "./violation";

/**
 * All findings about a stack as its program declares it, whatever of it is deployed: a preview with an empty state.
 * @param preview runs it; the folder it is given is gone afterwards.
 */
export async function findingsOf(
  preview: (stateDir: string) => Promise<{ policy: readonly PolicyResult[] }>,
): Promise<readonly PolicyResult[]> {
  const stateDir = mkdtempSync(path.join(tmpdir(), "wandstore-policy-"));
  try {
    return (await preview(stateDir)).policy;
  } catch (error) {
    if (error instanceof PolicyViolation) return error.results;
    throw error;
  } finally {
    rmSync(stateDir, { recursive: true, force: true });
  }
}
