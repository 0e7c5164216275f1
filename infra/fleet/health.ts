import { z } from "zod";
import type { AskEdge } from "../cloudflare";
import type { StackHealth, StackOutputs } from "./engine";

/** Longest that `/health` may take; what the Worker checks for it has 2 s each. */
const HEALTH_LIMIT_MS = 10_000;
/** A container that sleeps is started for the answer. */
const MEMBER_LIMIT_MS = 30_000;
/** Every member runs the same image: one is enough to know which. */
const MEMBER = "/api/pool/pool-0";

const MemberSchema = z.object({ build_id: z.string() });

/**
 * Asks a stack's `/health`, and with its admin token which build its generator runs.
 * @returns undefined where its outputs name no address
 * @throws CloudflareError `NO_ANSWER`
 */
export async function askHealth(
  edge: AskEdge,
  { defaultStorefront }: StackOutputs,
  adminToken: string | undefined,
  signal: AbortSignal,
): Promise<StackHealth | undefined> {
  if (defaultStorefront === undefined) return undefined;
  const at = (path: string): string => new URL(path, defaultStorefront).href;
  const { status } = await edge(at("/health"), { deadlineMs: HEALTH_LIMIT_MS, signal });
  if (status !== 200 || adminToken === undefined) return { status, builds: [] };
  const member = await edge(at(MEMBER), { bearer: adminToken, deadlineMs: MEMBER_LIMIT_MS, signal });
  return { status, builds: buildsIn(member.body) };
}

function buildsIn(body: string): string[] {
  try {
    return [MemberSchema.parse(JSON.parse(body)).build_id];
  } catch {
    return [];
  }
}
