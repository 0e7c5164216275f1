import { editorSchema } from "./editorSchema";
import { referencePage } from "./page";

/** Every file that is made from the settings, by its path in the project. */
export const generatedFiles = (): Readonly<Record<string, string>> => ({
  "docs/reference/config.md": referencePage(),
  "infra/config/stack.schema.json": `${JSON.stringify(editorSchema(), null, 2)}\n`,
});
