import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { PushImage } from "../context";
import { type Docker, dockerCommand, ELSEWHERE } from "./dockerCommand";
import { engineOf } from "./dockerEngine";

export interface DockerPushOptions {
  /** Environment of the docker command; by default this process's. */
  readonly env?: NodeJS.ProcessEnv;
  /** Longest push, milliseconds. */
  readonly deadlineMs?: number;
}

/** A slow line takes minutes for a hundred megabytes. Less than the 15 minutes that the credentials live. */
const PUSH_DEADLINE_MS = 10 * 60_000;
/** What asks the engine about itself or names an image. */
const ASK_DEADLINE_MS = 30_000;
/** `{tag}: digest: sha256:{hex} size: {n}`, the last line of a push. */
const PUSHED = /\bdigest: (sha256:[0-9a-f]{64})\b/;

/**
 * Pushes with the docker command, to where Docker is used by hand: `DOCKER_HOST`, or else the current context. The
 * credentials are in a folder of their own that is gone after the push: the user's own log-ins are neither used nor changed.
 */
export function dockerPush({ env, deadlineMs = PUSH_DEADLINE_MS }: DockerPushOptions = {}): PushImage {
  return async ({ local, registry, repository, tag, username, password }) => {
    const docker = dockerCommand(env ?? process.env);
    const engine = await engineOf(docker);
    await seeImage(docker, local, engine.host);

    const target = `${registry}/${repository}:${tag}`;
    const auth = Buffer.from(`${username}:${password}`).toString("base64");
    const folder = await mkdtemp(join(tmpdir(), "wandstore-docker-")); // mode 0700
    try {
      await writeFile(join(folder, "config.json"), JSON.stringify({ auths: { [registry]: { auth } } }), {
        mode: 0o600,
      });
      // With a config folder of our own, the contexts are out of reach: the engine is named by its address.
      const at = { env: engine.env, deadlineMs };
      const tagged = await docker(["--config", folder, "tag", local, target], { ...at, deadlineMs: ASK_DEADLINE_MS });
      if (!tagged.ok) throw new Error(`docker tag ${target} failed: ${tail(tagged.said, [password, auth])}`);
      const pushed = await docker(["--config", folder, "push", target], at);
      if (!pushed.ok) throw new Error(`docker push ${target} failed: ${tail(pushed.said, [password, auth])}`);
      const digest = PUSHED.exec(pushed.stdout)?.[1];
      if (digest === undefined) {
        throw new Error(
          `docker push ${target} did not say the image's digest. It said: ${tail(pushed.said, [password, auth])}`,
        );
      }
      return { digest };
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  };
}

/** @throws Error which of the two is missing: the engine or the image. */
async function seeImage(docker: Docker, local: string, host: string): Promise<void> {
  const deadline = { deadlineMs: ASK_DEADLINE_MS };
  if (!(await docker(["version", "--format", "{{.Server.Version}}"], deadline)).ok) {
    throw new Error(`No Docker engine answers at ${host}. Start Docker, ${ELSEWHERE}.`);
  }
  if ((await docker(["image", "inspect", "--format", "{{.Id}}", local], deadline)).ok) return;
  throw new Error(
    `The Docker engine at ${host} has no image ${local}. It was built by another engine, or has been removed since: ` +
      "build it again with `pulumi up --replace '**docker:index/image:Image**'`. @pulumi/docker builds at DOCKER_HOST and " +
      "does not know Docker's contexts: where you use one, set DOCKER_HOST to its address.",
  );
}

/** The end of what docker said, where the reason is; without what opens the registry. */
function tail(said: string, secrets: readonly string[]): string {
  const hidden = secrets.reduce((text, secret) => text.replaceAll(secret, "[secret]"), said);
  return hidden.slice(-600).trim();
}
