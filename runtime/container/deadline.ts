import * as z from "zod";
import { WandError } from "../contract/errors";
import { DEADLINE_HEADER } from "../contract/generate";

/** For callers that name none: what the wire contract gives a generation. */
const DEFAULT_DEADLINE_MS = 30_000;
const MAX_DEADLINE_MS = 120_000;
/** Kept back from the models, so that the template and the renderer (a few ms each) still answer in time. */
export const RENDER_RESERVE_MS = 300;

/** The caller hung up: whatever is under way is for nobody, and nobody's fault. */
export class CallerGone extends Error {
  override readonly name = "CallerGone";
}

/** How long one generation may take, as everything below the route sees it. */
export interface Deadline {
  /** Milliseconds that models may still use; negative when none are left. */
  modelMs(): number;
  /** Aborts, with {@link CallerGone}, when the caller hangs up. */
  readonly callerGone: AbortSignal;
}

/**
 * @param header Value of `X-Deadline-Ms`: whole milliseconds, 1 to 120,000; absent means 30,000.
 * @param clock Milliseconds of a clock that only goes forward.
 * @throws {WandError} BAD_REQUEST.
 */
export function startDeadline(
  header: string | undefined,
  callerGone: AbortSignal,
  clock: () => number = () => performance.now(),
): Deadline {
  const allowed = z.string().regex(/^\d+$/).transform(Number).pipe(z.number().min(1).max(MAX_DEADLINE_MS));
  const ms = allowed.default(DEFAULT_DEADLINE_MS).safeParse(header);
  if (!ms.success) {
    throw new WandError("BAD_REQUEST", `${DEADLINE_HEADER} has to be whole milliseconds, 1 to ${MAX_DEADLINE_MS}.`, {
      field: DEADLINE_HEADER,
    });
  }
  const end = clock() + ms.data - RENDER_RESERVE_MS;
  return { modelMs: () => end - clock(), callerGone };
}
