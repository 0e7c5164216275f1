import { isEmbeddedStack, readOutputs } from "../../local/deploy";
import { outputLines, say } from "../display";
import { Failure } from "../failure";
import { PROJECT_DIR, type StackOptions } from "../options";
import { firstDeployment } from "../place";

export interface OutputsOptions extends StackOptions {
  showSecrets: boolean;
}

/** `wandstore outputs`: what the last `up` of a stack gave back. */
export function outputs({ stack, stateDir, json, showSecrets }: OutputsOptions): void {
  const found = readOutputs({ projectDir: PROJECT_DIR, stateDir, stack, showSecrets });
  if (found === undefined) {
    if (!isEmbeddedStack(PROJECT_DIR, stack)) {
      const ask = `pulumi stack output --stack ${stack}${showSecrets ? " --show-secrets" : ""}`;
      throw new Failure(
        "NOT_DEPLOYED",
        `stack "${stack}" is in a real account, whose state tells its outputs: run "${ask}"`,
      );
    }
    const how = firstDeployment(stack);
    throw new Failure("NOT_DEPLOYED", `stack "${stack}" is not deployed in ${stateDir}: run "${how}" first`);
  }
  if (json) say(JSON.stringify(found, null, 2));
  else for (const line of outputLines(found)) say(line);
}
