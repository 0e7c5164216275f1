import { dockerCommand } from "../infra/providers/registry/dockerCommand";
import { engineOf } from "../infra/providers/registry/dockerEngine";
import { CloudError } from "../local/cloud";
import type { Containers } from "./options";

const UNIX = "unix://";
const DEFAULT_HOST = `${UNIX}/var/run/docker.sock`;

/**
 * What `startCloud` takes for `--containers`: nothing for processes, else the socket of the engine that the docker command would
 * take (`DOCKER_HOST`, or the current context), and that of Docker's own place where there is no docker command.
 * @throws {CloudError} NO_DOCKER for an engine that is not behind a unix socket
 */
export async function containerEngine(containers: Containers): Promise<{ docker?: { socketPath: string } }> {
  if (containers === "process") return {};
  const host = await engineOf(dockerCommand(process.env)).then(
    (engine) => engine.host,
    () => process.env.DOCKER_HOST ?? DEFAULT_HOST,
  );
  if (host.startsWith(UNIX)) return { docker: { socketPath: host.slice(UNIX.length) } };
  throw new CloudError(
    "NO_DOCKER",
    `the Docker engine is at ${host}; --containers docker takes one of this machine, by its unix socket: set DOCKER_HOST=unix://…`,
  );
}
