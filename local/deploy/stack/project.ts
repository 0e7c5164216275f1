import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { DeployError } from "../errors";

const ProjectSchema = z.looseObject({ name: z.string().min(1), main: z.string().default(".") });
/** A value that the Pulumi CLI encrypted. */
const SecureSchema = z.strictObject({ secure: z.string() });
const StackSchema = z.looseObject({ config: z.record(z.string(), z.unknown()).nullish() });

/** Stands for a secret that only the Pulumi CLI can open, in a preview that makes nothing. */
const SECRET_PLACEHOLDER = "a-secret-that-only-the-pulumi-cli-can-open";

export interface StackConfig {
  values: Record<string, string>;
  secretKeys: string[];
}

function readYaml<T>(file: string, schema: z.ZodType<T>): T {
  try {
    return schema.parse(parse(readFileSync(file, "utf8")) ?? {});
  } catch (cause) {
    const why = cause instanceof z.ZodError ? z.prettifyError(cause) : (cause as Error).message;
    throw new DeployError("BAD_STACK_FILE", `${file} cannot be read: ${why}`, { cause });
  }
}

/** Name and entry of the project, from its Pulumi.yaml. */
export function readProject(projectDir: string): { name: string; main: string } {
  return readYaml(path.join(projectDir, "Pulumi.yaml"), ProjectSchema);
}

/**
 * The config of a stack as the CLI would hand it to the program: objects as JSON, keys with their namespace. A value
 * under `secure` needs the CLI's passphrase: offline a placeholder stands for it, else it is refused.
 */
export function readStackConfig(projectDir: string, project: string, stack: string, offline: boolean): StackConfig {
  const file = path.join(projectDir, `Pulumi.${stack}.yaml`);
  if (!existsSync(file)) {
    throw new DeployError("STACK_NOT_FOUND", `there is no ${file}: write it, or name another stack with --stack`);
  }
  const config: StackConfig = { values: {}, secretKeys: [] };
  for (const [key, value] of Object.entries(readYaml(file, StackSchema).config ?? {})) {
    const full = key.includes(":") ? key : `${project}:${key}`;
    if (!SecureSchema.safeParse(value).success) {
      config.values[full] = typeof value === "string" ? value : JSON.stringify(value);
      continue;
    }
    if (!offline) {
      throw new DeployError(
        "BAD_STACK_FILE",
        `${file}: ${key} was encrypted by the Pulumi CLI, which the embedded deployment cannot open; ` +
          "give it through the environment, or deploy with the CLI",
      );
    }
    config.values[full] = SECRET_PLACEHOLDER;
    config.secretKeys.push(full);
  }
  return config;
}
