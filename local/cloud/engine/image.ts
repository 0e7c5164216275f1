/** The part of an OCI image configuration that a process needs (OCI image-spec, config.md, "config"). */
export interface OciImageConfig {
  Cmd?: string[] | null;
  Entrypoint?: string[] | null;
  Env?: string[] | null;
  WorkingDir?: string;
  ExposedPorts?: Record<string, unknown> | null;
  User?: string;
}

/** An image whose layers are unpacked on this machine. */
export interface ContainerImage {
  /** The name that a Worker's configuration calls the image by, tag or digest included. */
  ref: string;
  /** Folder that holds the unpacked layers. */
  rootDir: string;
  config: OciImageConfig;
}
