/**
 * Thrown by `create` and `update` when the thing is there and does not work: Pulumi keeps it in the state with the reasons,
 * shows them, and the next `up` updates it although no input changed.
 */
export class NotReadyError extends Error {
  override readonly name = "NotReadyError";
  /**
   * @param id of the resource that was made.
   * @param outputs what it would have given back.
   * @param reasons one sentence each: what was found, what was expected, what to do.
   */
  constructor(
    readonly id: string,
    readonly outputs: object,
    readonly reasons: readonly string[],
  ) {
    super(reasons.join(" "));
  }
}
