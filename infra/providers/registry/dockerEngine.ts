import { isAbsolute, join } from "node:path";
import { z } from "zod";
import type { Docker } from "./dockerCommand";

/** The engine that the docker command talks to. */
export interface DockerEngine {
  /** Such as `unix:///var/run/docker.sock`. */
  readonly host: string;
  /** What makes a docker command without the user's contexts talk to it. */
  readonly env: Readonly<Record<string, string>>;
}

/** What `docker context inspect` answers, as far as it is read. */
const Contexts = z.tuple([
  z.object({
    Endpoints: z.object({ docker: z.object({ Host: z.string(), SkipTLSVerify: z.boolean().default(false) }) }),
    TLSMaterial: z.record(z.string(), z.unknown()).nullish(),
    Storage: z.object({ TLSPath: z.string() }).partial().nullish(),
  }),
]);
const ASK_DEADLINE_MS = 30_000;

/** The engine of `DOCKER_HOST`, or else of the current context, with the context's own TLS files. */
export async function engineOf(docker: Docker): Promise<DockerEngine> {
  const asked = await docker(["context", "inspect"], { deadlineMs: ASK_DEADLINE_MS });
  const contexts = asked.ok ? Contexts.safeParse(parseJson(asked.stdout)) : undefined;
  if (contexts?.success !== true) {
    throw new Error(`docker context inspect does not say where the engine is: ${asked.said.slice(-300)}`);
  }
  const [{ Endpoints, TLSMaterial, Storage }] = contexts.data;
  const { Host: host, SkipTLSVerify } = Endpoints.docker;
  // The default context has no files ("<IN MEMORY>"): what the environment says of TLS is passed on as it is.
  const files = TLSMaterial?.docker === undefined ? undefined : Storage?.TLSPath;
  const tls =
    files !== undefined && isAbsolute(files)
      ? {
          DOCKER_CERT_PATH: join(files, "docker"),
          ...(SkipTLSVerify ? { DOCKER_TLS: "1" } : { DOCKER_TLS_VERIFY: "1" }),
        }
      : {};
  // DOCKER_CONTEXT would win over the address.
  return { host, env: { DOCKER_HOST: host, DOCKER_CONTEXT: "", ...tls } };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
