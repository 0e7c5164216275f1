export type ConfigErrorCode = "CONFIG_INVALID";

/** Config that cannot be deployed. The message lists everything that is wrong and can be printed as it is. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
  constructor(
    readonly code: ConfigErrorCode,
    readonly problems: readonly string[],
  ) {
    super(`The config of this stack cannot be used:\n${problems.map((problem) => `  - ${problem}`).join("\n")}`);
  }
}
