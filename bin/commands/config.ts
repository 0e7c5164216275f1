import { setConfig } from "../../local/deploy";
import { say } from "../display";
import { Failure } from "../failure";
import { PROJECT_DIR } from "../options";

export interface ConfigSetOptions {
  stack: string;
  json: boolean;
  secret: boolean;
  path: boolean;
  plaintext: boolean;
}

/** `wandstore config set`: one value of a stack's file, as `pulumi config set` writes it. */
export async function configSet(key: string, value: string | undefined, options: ConfigSetOptions): Promise<void> {
  const { stack, json, secret, path, plaintext } = options;
  const text = value ?? (await readInput());
  const flags = { secret, path, plaintext };
  const done = await setConfig({ projectDir: PROJECT_DIR, stack, key, value: text, ...flags, env: process.env });
  if (json)
    return say(JSON.stringify({ operation: "config set", stack, key: done.key, changed: done.changed }, null, 2));
  say(`${done.key} of stack ${stack} is ${done.changed ? "set" : "as it was"}.`);
}

/** What is piped in, without the newline at its end: no shell remembers it. */
async function readInput(): Promise<string> {
  if (process.stdin.isTTY) throw new Failure("USAGE", "there is no value: give one, or pipe it in");
  let text = "";
  for await (const chunk of process.stdin.setEncoding("utf8") as AsyncIterable<string>) text += chunk;
  return text.replace(/\r?\n$/, "");
}
