import { assertEmbedded } from "../../local/deploy";
import { confirmByName } from "../confirm";
import { PROJECT_DIR, type StackOptions } from "../options";
import { change } from "./operate";

export interface DestroyOptions extends StackOptions {
  yes: boolean;
}

/** `wandstore destroy`: everything of a stack goes, data included, once a person or `--yes` has said so. */
export async function destroy(options: DestroyOptions): Promise<void> {
  const { stack, yes } = options;
  assertEmbedded(PROJECT_DIR, stack); // nobody is asked about what is refused anyway
  if (!yes) await confirmByName(stack, `destroy deletes everything of stack "${stack}", data included`);
  await change("destroy", options);
}
