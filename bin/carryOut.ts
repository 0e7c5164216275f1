import { environmentOf, type DeployResult, type StackFile } from "../local/deploy";
import { confirmByName } from "./confirm";
import { complain } from "./display";
import { interruptible } from "./interrupts";
import { PROJECT_DIR, type StackOptions } from "./options";
import { deployIn } from "./commands/operate";
import type { Place } from "./place";
import { runPulumi } from "./pulumi";

/** Options of the commands that write the stack file and deploy what it then says. */
export interface WriteOptions extends StackOptions {
  yes: boolean;
}

/** Lets a person confirm what is about to happen to production. */
export async function confirmProd({ stack, yes }: WriteOptions, what: string): Promise<void> {
  if (yes || environmentOf(PROJECT_DIR, stack) !== "prod") return;
  await confirmByName(stack, what);
}

/**
 * Writes the stack file and deploys: into the embedded cloud, or with the Pulumi CLI. When that fails, the file says what is
 * wanted nevertheless.
 * @param takeBack the command that undoes what the file says.
 * @returns what was done; undefined where the CLI did it
 */
export async function carryOut(
  { cloud }: Place,
  options: WriteOptions,
  file: StackFile,
  takeBack: string,
): Promise<DeployResult | undefined> {
  await file.save();
  try {
    return await interruptible(async (signal) => {
      if (cloud !== undefined) return deployIn("up", cloud, options, signal);
      await runPulumi({ ...options, signal });
      return undefined;
    });
  } catch (error) {
    complain(`${file.file} says what was wanted: deploy again to go on, or take it back: ${takeBack}`);
    throw error;
  }
}
