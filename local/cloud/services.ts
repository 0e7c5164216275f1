import type { Faults } from "./faults";
import type { Host } from "./host";
import type { ImageStore } from "./registry/images";
import type { RegistryCredentials } from "./registry/credentials";
import type { SignedFiles } from "./signedFiles";
import type { Account } from "./state/account";
import type { BlobStore } from "./state/blobs";
import type { State } from "./state/model";
import type { SecretBox } from "./state/secretBox";
import type { Rollouts } from "./containers/rollouts";
import type { Releases } from "./workers/releases";
import type { Schedules } from "./workers/schedules";
import type { Tails } from "./workers/tails";

/** What the routes of the API work with. */
export interface Services {
  account: Account;
  saveAccount: (account: Account) => void;
  apiToken: string;
  state: State;
  /** Modules of Workers. */
  modules: BlobStore;
  /** Data of D1 databases at the bookmarks that were asked for. */
  snapshots: BlobStore;
  /** Blobs and manifests of images. */
  registry: BlobStore;
  images: ImageStore;
  credentials: RegistryCredentials;
  secrets: SecretBox;
  host: Host;
  /** Host and port of the API and the registry, such as `127.0.0.1:8788`. */
  apiAddress: () => string;
  releases: Releases;
  rollouts: Rollouts;
  schedules: Schedules;
  tails: Tails;
  signedFiles: SignedFiles;
  faults: Faults;
  now: () => Date;
  log: (line: string) => void;
}
