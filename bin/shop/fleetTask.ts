import type { ImagePin, StackEngine } from "../../infra/fleet/engine";
import { listShops, type Shop } from "../../infra/fleet/list";
import { imageToPromote } from "../../infra/fleet/promote";
import { programMark } from "../../infra/fleet/run/fingerprint";
import { checkSame, type Identity, type Past } from "../../infra/fleet/run/past";
import type { Operation } from "../../infra/fleet/run/records";
import { runToResume } from "../../infra/fleet/run/runs";
import { type Share, wavesOf } from "../../infra/fleet/run/waves";
import { Failure } from "../failure";
import { PROJECT_DIR } from "../options";
import type { FleetOptions } from "./fleetOptions";

const WAVE: Share = { percent: 10 };
/** A preview makes nothing: no wave has to be seen to work before the next. */
const PREVIEW_WAVE: Share = { percent: 100 };
/** An image that is what it was tomorrow, too. */
const BY_DIGEST = /@sha256:[0-9a-f]{64}$/;

/** What a run is to do: a new one, or the rest of one that ended too early. */
export interface Task {
  readonly identity: Identity;
  readonly waves: readonly (readonly string[])[];
  readonly shops: ReadonlyMap<string, Shop>;
  readonly resumed?: { readonly file: string; readonly past: Past };
}

/** @throws FleetError NOTHING_TO_RESUME, RUN_CHANGED, BAD_JOURNAL, NOT_DEPLOYED; Failure USAGE */
export async function taskOf(
  operation: Operation,
  shops: readonly Shop[],
  engine: StackEngine,
  options: FleetOptions,
): Promise<Task> {
  const image = operation === "up" ? await imageOf(engine, options) : undefined;
  const program = programMark(PROJECT_DIR);
  const identity = { operation, engine: engine.source, program, ...(image && { image }) };
  const byStack = new Map(shops.map((shop) => [shop.stack, shop]));
  const stacks = [...byStack.keys()];
  if (options.resume !== true) {
    const wave = options.wave ?? (operation === "preview" ? PREVIEW_WAVE : WAVE);
    return { identity, waves: wavesOf(stacks, wave), shops: byStack };
  }
  const resumed = runToResume(options.stateDir, operation);
  // The image that the run began with is the one that it goes on with, unless another is named.
  const began = resumed.past.begin.image;
  const whole = began && !image ? { ...identity, image: pinOf(began) } : identity;
  checkSame(
    resumed.past,
    whole,
    listShops(PROJECT_DIR).map(({ stack }) => stack),
    resumed.file,
  );
  const { waves } = resumed.past.begin;
  const every = new Map(listShops(PROJECT_DIR).map((shop) => [shop.stack, shop]));
  return { identity: whole, waves, shops: every, resumed };
}

/** An image as a journal has it. */
export const pinOf = ({ ref, buildId }: { ref: string; buildId?: string | undefined }): ImagePin => ({
  ref,
  ...(buildId !== undefined && { buildId }),
});

async function imageOf(engine: StackEngine, { from, image }: FleetOptions): Promise<ImagePin | undefined> {
  if (from !== undefined && image !== undefined) {
    throw new Failure("USAGE", "--from and --image both say which image: leave one out");
  }
  if (from !== undefined) return imageToPromote(engine, from);
  if (image === undefined || BY_DIGEST.test(image)) return image === undefined ? undefined : { ref: image };
  throw new Failure(
    "USAGE",
    `--image ${image} names no digest: write repository@sha256:…, so that all shops get the same`,
  );
}
