import type { StackNeeds } from "../../../local/deploy";
import { finding, type Finding } from "../finding";
import type { Use } from "../use";

/** Problems of one file that are named; a preview names all. */
const MOST_PROBLEMS = 3;

/** Whether each stack's file can be deployed as it is. */
export function stackFiles(stacks: ReadonlyMap<string, StackNeeds>, { name }: Use): Finding[] {
  return [...stacks].map(([stack, { problems }]) => {
    const more = problems.length > MOST_PROBLEMS ? `; and ${problems.length - MOST_PROBLEMS} more` : "";
    const what = { name: `Pulumi.${stack}.yaml`, for: `deploying stack ${stack}`, needed: stack === (name ?? "dev") };
    return finding(what, {
      ok: problems.length === 0,
      found: problems.length === 0 ? "valid" : problems.slice(0, MOST_PROBLEMS).join("; ") + more,
      get: "every key is in docs/reference/config.md",
    });
  });
}

/** Whether the secrets of the stack can be opened here. */
export function passphrase(stack: StackNeeds): Finding {
  const { secrets, secretsKeptBy, locked } = stack;
  const what = { name: "secrets of the stack", for: "opening what is encrypted in its file and state" };
  const count = `${secrets.length} in its file`;
  if (secretsKeptBy === "passphrase") {
    return finding(
      { ...what, needed: secrets.length > 0 || !stack.embedded },
      {
        ok: locked === undefined,
        found: locked ?? `${count}, opened by the passphrase`,
        get: "export PULUMI_CONFIG_PASSPHRASE=… (the one the stack was made with), or PULUMI_CONFIG_PASSPHRASE_FILE",
      },
    );
  }
  const by = secretsKeptBy === undefined ? "kept by the backend, if it has any" : `kept by ${secretsKeptBy}`;
  return finding({ ...what, needed: false }, { ok: true, found: `${count}, ${by}`, get: "" });
}
