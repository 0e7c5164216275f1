/** The part of an OCI image configuration that a container's start needs (OCI image-spec, config.md, "config"). */
export interface OciImageConfig {
  Cmd?: string[] | null;
  Entrypoint?: string[] | null;
  Env?: string[] | null;
  WorkingDir?: string;
  ExposedPorts?: Record<string, unknown> | null;
  User?: string;
}

interface NamedImage {
  /** The name that a Worker's configuration calls the image by, tag or digest included. */
  ref: string;
  config: OciImageConfig;
}

/** An image whose layers are unpacked on this machine: what a process is started from. */
export interface UnpackedImage extends NamedImage {
  /** Folder that holds the unpacked layers. */
  rootDir: string;
}

/** An image as it was pushed: what a Docker engine is given. */
export interface PackedImage extends NamedImage {
  /** Digest of its manifest: 64 hexadecimal digits. */
  digest: string;
  /** Files of this machine: the image's configuration, and its layers from the lowest up, plain or compressed. */
  configFile: string;
  layers: string[];
  /** The image whose files are to lie under the layers; absent where the layers are all there is. */
  base?: string;
  /** What a container of it may have, in MiB. */
  memoryMiB: number;
}

export type ContainerImage = UnpackedImage | PackedImage;
