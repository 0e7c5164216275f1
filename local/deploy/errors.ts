/** Everything that can end a deployment, in one table: what it means to whoever reads the code. */
export const DEPLOY_ERRORS = {
  BAD_STACK_NAME: "the name of the stack is not allowed",
  STACK_NOT_FOUND: "no configuration file of that name",
  BAD_STACK_FILE: "the stack's configuration file cannot be read",
  SECRETS_LOCKED: "the secrets of the stack's configuration cannot be opened",
  PROGRAM_FAILED: "the program in infra/ threw",
  PROGRAM_STUCK: "the program waits for something that never comes",
  BAD_RESOURCE: "a resource's inputs, type or options cannot be deployed",
  BAD_POLICY_CONFIG: "the policy pack's config cannot be used",
  POLICY_VIOLATED: "a mandatory policy refuses the deployment",
  PROTECTED: "a protected resource would be deleted or replaced",
  STACK_LOCKED: "another run works on the same stack",
  BAD_STATE: "the stack's state cannot be read",
  CLOUD_CHANGED: "the state belongs to another account",
  CLOUD_NEEDED: "the operation needs a running embedded cloud",
  ACCOUNT_UNKNOWN: "nobody says which real account, or how to open it",
  NOT_EMBEDDED: "the stack belongs to a real account",
  STEP_FAILED: "the cloud refused a step",
  NOT_READY: "what a step made is there and does not work",
  INTERRUPTED: "the run was stopped from outside",
} as const;

export type DeployErrorCode = keyof typeof DEPLOY_ERRORS;

/** The one error of the embedded deployment. `message` says what was found, what is allowed and what to do. */
export class DeployError extends Error {
  override readonly name = "DeployError";
  constructor(
    readonly code: DeployErrorCode,
    message: string,
    options: { cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
  }
}

/** The message of anything that was thrown, on one line where it has one. */
export function messageOf(error: unknown): string {
  if (error instanceof Error) return error.message === "" ? error.name : error.message;
  return String(error);
}
