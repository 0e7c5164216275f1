/** Why an embedded cloud could not be started. */
export type CloudErrorCode =
  /** Another process runs on the same state folder. */
  | "STATE_IN_USE"
  /** A port that was asked for is taken. */
  | "PORT_IN_USE"
  /** The state folder exists but cannot be read by this program. */
  | "STATE_UNREADABLE"
  /** Containers are to run in a Docker engine, and none can be used. */
  | "NO_DOCKER";

/** A refusal to start, with a message that says what to do about it. */
export class CloudError extends Error {
  constructor(
    readonly code: CloudErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = "CloudError";
  }
}
