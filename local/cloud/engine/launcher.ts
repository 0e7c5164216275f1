/**
 * What turns an image into something that runs: a process of this machine, or a container of a Docker engine.
 */
import type { ContainerImage } from "./image";

/** What a container asks over its image, as Docker's `POST /containers/create` carries it. */
export interface ContainerRequest {
  /** Replaces the image's Cmd where given. */
  cmd?: string[];
  /** `KEY=value` pairs over the image's. */
  env?: string[];
}

export interface Launch {
  /** As workerd calls the container. */
  name: string;
  image: ContainerImage;
  request: ContainerRequest;
  /** One line of the output, on either stream. */
  log: (line: string) => void;
}

/** Where a port of a container is reached from here. */
export interface Address {
  host: string;
  port: number;
  /** Something accepts in the container's place, and hangs up at once where nothing listens behind it. */
  proxied?: boolean;
}

/** A container's first process, running. */
export interface Launched {
  /** Where one of its ports is reached; undefined where nothing can listen there. */
  address(port: number): Address | undefined;
  /** Sends a signal to it and to all that it has started; nothing happens where they are gone. */
  signal(signal: NodeJS.Signals): void;
  /** Resolves when it is gone: with its exit code, or 128 + the signal's number. */
  readonly ended: Promise<number>;
}

export interface Launcher {
  /** Makes ready what a start from this image needs and may take long. Failures are logged; the start meets them again. */
  prepare(image: ContainerImage): void;
  /** Resolves when the process runs, not when it listens. Rejects where it cannot be started. */
  launch(launch: Launch): Promise<Launched>;
  /** Takes away what the launcher itself has made. All that was launched has ended. */
  close(): Promise<void>;
}

const variable = (pair: string): [string, string] => {
  const equals = pair.indexOf("=");
  return equals < 0 ? [pair, ""] : [pair.slice(0, equals), pair.slice(equals + 1)];
};

/** The environment that image and request ask for; the request's wins. */
export function variablesOf(image: ContainerImage, request: ContainerRequest): Record<string, string> {
  return Object.fromEntries([...(image.config.Env ?? []), ...(request.env ?? [])].map(variable));
}

/** The port by which a Worker names the process: PORT of its environment, else the first port that the image exposes. */
export function portOf(image: ContainerImage, request: ContainerRequest): number | undefined {
  const exposed = Object.keys(image.config.ExposedPorts ?? {})[0]?.split("/")[0];
  const named = variablesOf(image, request).PORT ?? exposed;
  return named === undefined ? undefined : Number(named);
}
