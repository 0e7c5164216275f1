import type { Persona } from "../../contract/persona";
import type { Variant } from "../cache/variant";
import { behind, type AppContext } from "../http/context";
import type { TriggerRequest } from "../pool/api";
import { requestPage } from "../pool/requestPage";
import { canonicalUrl } from "./render";

/** Who asks, and why. */
export interface Asker {
  shopper: string;
  persona: Persona;
  reason: TriggerRequest["reason"];
  /** When they came, milliseconds since 1970. */
  at: number;
  /** Their name was made just now. */
  isNewcomer: boolean;
}

/** Puts a shopper's page in line behind the answer of this request. */
export function askForPage(c: AppContext, wanted: Variant, { shopper, persona, reason, at, isNewcomer }: Asker): void {
  const request = {
    shopper,
    persona,
    reason,
    canonical_url: canonicalUrl(new URL(c.req.url).origin, wanted.store),
    request_id: c.var.requestId,
    asked_at: at,
  };
  const context = {
    env: c.env,
    log: c.var.log,
    waitUntil: (work: Promise<unknown>) => c.executionCtx.waitUntil(work),
    isNewcomer,
  };
  behind(c, "trigger_failed", requestPage(wanted, request, context));
}
