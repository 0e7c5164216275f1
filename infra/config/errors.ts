import { RunError } from "@pulumi/pulumi";

export type ConfigErrorCode = "CONFIG_INVALID";

/**
 * Config that cannot be deployed. The message lists everything that is wrong and can be printed as it is, which the Pulumi
 * CLI does with a RunError: no stack trace, no source text.
 */
export class ConfigError extends RunError {
  override readonly name = "ConfigError";
  constructor(
    readonly code: ConfigErrorCode,
    readonly problems: readonly string[],
  ) {
    const list = problems.map((problem) => `  - ${problem}`).join("\n");
    super(`The config of this stack cannot be used:\n${list}\nEvery key is in docs/reference/config.md.`);
  }
}
