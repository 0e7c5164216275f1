import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import Cloudflare from "cloudflare";
import { startCloud, type Cloud } from "../../../../local/cloud";
import { decide, type Decision } from "../../../../local/deploy/engine/decide";
import type { Props } from "../../../../local/deploy/engine/values";
import { createHandlers } from "../../../../local/deploy/handlers";
import type { Existing, Handler, Handlers } from "../../../../local/deploy/handlers/handler";

/** The handlers over a running embedded cloud, from before a file's first test until after its last. */
export interface Handled {
  readonly folder: string;
  readonly cloud: Cloud;
  /** Cloudflare's own SDK, to see what came of it and to change things behind the handlers' back. */
  readonly api: Cloudflare;
  readonly handlers: Handlers;
  account(): { account_id: string };
  handlerOf(type: string): Handler;
  make(type: string, inputs: Props): Promise<Existing>;
  /** What the engine would do about new inputs. */
  decision(type: string, old: Existing, inputs: Props): Promise<Decision>;
}

/** Starts a cloud with handlers in `beforeAll` and takes it away in `afterAll`; call it once, at a file's top. */
export function handlersOnACloud(): Handled {
  let folder: string;
  let cloud: Cloud;
  let api: Cloudflare;
  let handlers: Handlers;
  beforeAll(async () => {
    folder = mkdtempSync(path.join(tmpdir(), "wand-handlers-"));
    cloud = await startCloud({ stateDir: path.join(folder, "state"), apiPort: 0, edgePort: 0 });
    api = new Cloudflare({ apiToken: cloud.apiToken, baseURL: cloud.apiUrl });
    handlers = createHandlers({ projectDir: folder, programDir: folder, cloud });
  }, 60_000);
  afterAll(async () => {
    await cloud.close();
    rmSync(folder, { recursive: true, force: true });
  });
  const handlerOf = (type: string): Handler => handlers.get(type)!;
  return {
    get folder() {
      return folder;
    },
    get cloud() {
      return cloud;
    },
    get api() {
      return api;
    },
    get handlers() {
      return handlers;
    },
    account: () => ({ account_id: cloud.accountId }),
    handlerOf,
    async make(type, inputs) {
      const { id, outputs } = await handlerOf(type).create("urn", inputs);
      return { urn: "urn", id, inputs, outputs };
    },
    decision(type, old, inputs) {
      const state = { ...old, type, name: "n", custom: true, dependencies: [], protect: false, retainOnDelete: false };
      return decide(handlerOf(type), state, inputs, { replaceOnChanges: [], deleteBeforeReplace: undefined });
    },
  };
}
