/** What keeps a shop, or a fleet of them, from what was asked: what each code means to whoever reads the code. */
export const FLEET_ERRORS = {
  BAD_SLUG: "the slug cannot be a shop's",
  SHOP_EXISTS: "there is something of that name already",
  NO_SUCH_SHOP: "there is no shop of that name",
  BAD_EXPORT: "the file or folder with the products cannot be used",
  BAD_BRAND: "what was said of the shop or its brand cannot be used",
  NO_PULUMI: "there is no Pulumi CLI, or none that can be used",
  NO_DOCKER: "the generator's image cannot be built without Docker",
  NOT_LOGGED_IN: "the Pulumi CLI has no backend for its state",
  SECRETS_LOCKED: "the secrets of the stack cannot be opened",
  STACK_LOCKED: "another run works on the same stack",
  POLICY_VIOLATED: "a mandatory policy refuses the deployment",
  PROTECTED: "a protected resource would be deleted or replaced",
  DEPLOY_FAILED: "the Pulumi CLI did not do what it was asked",
  INTERRUPTED: "the run was stopped from outside",
  NOT_DEPLOYED: "a stack that something is to be taken from is not deployed",
  NOT_PROMOTED: "the image may not be promoted to this stack",
  FLEET_LOCKED: "another run over shops is under way",
  NOTHING_TO_RESUME: "there is no run that ended too early",
  RUN_CHANGED: "what a run is to be resumed with is not what it began with",
  BAD_JOURNAL: "the journal of a run cannot be read",
  QUOTA_EXCEEDED: "the account has no room for all the shops",
} as const;

export type FleetErrorCode = keyof typeof FLEET_ERRORS;

/** The one error of shops as stacks. `message` says what was found, what is allowed and what to do. */
export class FleetError extends Error {
  override readonly name = "FleetError";
  constructor(
    readonly code: FleetErrorCode,
    message: string,
    options: { cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
  }
}
