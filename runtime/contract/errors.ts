/**
 * Every error the runtime answers with, in one table: HTTP status, whether trying again can help, and whose fault it is.
 * The first seven are the wire contract of the generator.
 */
export const FAULTS = {
  RATE_LIMITED: { status: 429, retryable: true, fault: "model" }, // the model's API refused for its rate, or a shopper asked too often
  MODEL_UNAVAILABLE: { status: 503, retryable: true, fault: "model" }, // the model's API is down
  INVALID_PERSONA: { status: 400, retryable: false, fault: "caller" }, // persona data is malformed
  GENERATION_FAILED: { status: 500, retryable: true, fault: "model" }, // the model answered what cannot be used
  UNSAFE_PAGE: { status: 500, retryable: true, fault: "model" }, // what the model wrote did not pass the check for safety
  TIMEOUT: { status: 504, retryable: true, fault: "model" }, // the deadline passed
  KV_WRITE_FAILED: { status: 500, retryable: true, fault: "ours" }, // the page could not be stored
  CONTAINER_ERROR: { status: 500, retryable: true, fault: "ours" }, // the generator failed in itself
  COMPONENT_TIMEOUT: { status: 200, retryable: true, fault: "model" }, // a section is missing from a partial page
  BAD_REQUEST: { status: 400, retryable: false, fault: "caller" }, // body, query or header failed its schema
  BAD_STORE: { status: 400, retryable: false, fault: "caller" }, // a slug that cannot be one
  BAD_SHOPPER: { status: 400, retryable: false, fault: "caller" }, // a shopper id that cannot be one, or a bad signature
  UNKNOWN_STORE: { status: 404, retryable: false, fault: "caller" }, // no store of that slug
  UNKNOWN_VARIANT: { status: 410, retryable: false, fault: "caller" }, // no such variant in today's catalogue
  SOLD_OUT: { status: 409, retryable: false, fault: "caller" }, // the variant was sold since the page was made
  CROSS_SITE: { status: 403, retryable: false, fault: "caller" }, // another site's page made a browser ask
  CONSENT_REQUIRED: { status: 403, retryable: false, fault: "caller" }, // the shopper has not said yes, or said no
  ERASED: { status: 410, retryable: false, fault: "caller" }, // the shopper was erased since they asked for the page
  NOT_FOUND: { status: 404, retryable: false, fault: "caller" }, // no such route
  METHOD_NOT_ALLOWED: { status: 405, retryable: false, fault: "caller" },
  BAD_SIGNATURE: { status: 401, retryable: false, fault: "caller" }, // a webhook that its sender did not sign
  UPGRADE_REQUIRED: { status: 426, retryable: false, fault: "caller" }, // a WebSocket's address, asked without one
  BODY_TOO_LARGE: { status: 413, retryable: false, fault: "caller" },
  QUEUE_FULL: { status: 429, retryable: true, fault: "ours" }, // the line of a pool member is full
  CONTAINER_UNAVAILABLE: { status: 503, retryable: true, fault: "ours" }, // a pool member's container gives no health
  ERASURE_INCOMPLETE: { status: 503, retryable: true, fault: "ours" }, // a part of a shopper's data could not be erased
  NOT_TAKEN: { status: 503, retryable: true, fault: "ours" }, // a webhook that could not be stored: send it again
  INTERNAL: { status: 500, retryable: true, fault: "ours" }, // anything nobody foresaw
} as const satisfies Record<string, { status: number; retryable: boolean; fault: "caller" | "model" | "ours" }>;

export type FaultCode = keyof typeof FAULTS;

/** The one error class of the runtime. `message` may be shown to whoever called; `cause` is for the log only. */
export class WandError extends Error {
  override readonly name = "WandError";
  constructor(
    readonly code: FaultCode,
    message: string,
    options: { cause?: unknown; field?: string } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.field = options.field;
  }
  /** The part of the input that is wrong, as a path such as `events.0.type`. */
  readonly field: string | undefined;
  get status(): number {
    return FAULTS[this.code].status;
  }
  get retryable(): boolean {
    return FAULTS[this.code].retryable;
  }
}

/** The body of every error answer in JSON. */
export interface ErrorBody {
  error: { code: FaultCode; message: string; retryable: boolean; field?: string };
}

/** Turns any thrown value into the body and status a caller may see; what nobody foresaw says nothing of itself. */
export function toErrorBody(error: unknown): { status: number; body: ErrorBody } {
  const known = error instanceof WandError ? error : undefined;
  const code = known?.code ?? "INTERNAL";
  const body: ErrorBody["error"] = {
    code,
    message: known?.message ?? "Something went wrong on our side.",
    retryable: FAULTS[code].retryable,
  };
  if (known?.field !== undefined) body.field = known.field;
  return { status: FAULTS[code].status, body: { error: body } };
}
