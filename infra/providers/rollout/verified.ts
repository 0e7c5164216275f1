import type { Context } from "../context";
import { configurationOf, type InstanceType, type Place, resize } from "./application";
import { describeAnswers, type Verification } from "./members";
import { describeFailure, type Failure } from "./report";
import { progressOf, type Started, takeBack } from "./rollouts";
import { awaitBuild, type Verdict } from "./verify";

/** What of an application an update changes. */
interface Running {
  readonly image: string;
  readonly instanceType: InstanceType;
  readonly maxInstances: number;
}

export interface Change {
  /** The application's name, for messages. */
  readonly name: string;
  readonly place: Place;
  readonly from: Running;
  /** The build that was verified before this change. */
  readonly fromBuild: string | undefined;
  readonly to: Running;
  /** The rollout that brings `to`. */
  readonly started: Started;
}

/** Longest wait for the former image to answer again, milliseconds. */
const RETURN_MS = 300_000;

/** Waits until a new application's members answer. There is nothing to return to: the caller says what to do. */
export function verifyNew(context: Context, verification: Verification): Promise<Verdict> {
  return awaitBuild(context, verification, {
    expected: verification.buildId,
    waitForEnd: false,
    progress: async () => "over",
    timeoutMs: verification.timeoutSeconds * 1000,
  });
}

/**
 * Waits until a changed application's members answer, and brings back what ran before when they do not in time.
 * @returns the build that all of them answered.
 * @throws Error that names the members and what they answered, what was expected, what was done and what to do.
 */
export async function verifyChange(context: Context, verification: Verification, change: Change): Promise<string> {
  const { name, place, from, fromBuild, to, started } = change;
  const expected = verification.buildId;
  const verdict = await awaitBuild(context, verification, {
    expected,
    notThis: from.image === to.image ? undefined : fromBuild,
    waitForEnd: expected === undefined || fromBuild === undefined || fromBuild === expected,
    progress: () => progressOf(context, place, started, configurationOf(to)),
    timeoutMs: verification.timeoutSeconds * 1000,
  }).catch((cause: unknown) => {
    const why = (cause as Error).message;
    throw new Error(
      `Nobody waits any more for ${name}: ${why}. Its rollout goes on; the next deployment looks again.`,
      {
        cause,
      },
    );
  });
  if (verdict.ok) return verdict.buildId;
  const said = describeFailure(name, verification, verdict);
  if (verdict.why === "undone") throw new Error(said); // not ours to take back
  throw new Error(`${said} ${await goBack(context, verification, change, verdict)}`);
}

/** Brings back what ran before. Answers with what came of it, for people. */
async function goBack(context: Context, verification: Verification, change: Change, { why }: Failure): Promise<string> {
  const { place, from, to, started } = change;
  const former = describeFormer(change);
  let back: Started;
  try {
    if (from.maxInstances !== to.maxInstances) await resize(context, place, from.maxInstances);
    back = await takeBack(context, place, started, configurationOf(to), configurationOf(from));
  } catch (error) {
    return (
      `${former} could not be put back, so some members may go on as they are; deploy it again (\`wandstore rollback\`): ` +
      (error as Error).message
    );
  }
  if (why !== "time") return `${former} was put back, which nobody can see either.`;
  try {
    const seen = await awaitFormer(context, verification, change, back);
    if (seen.ok) return `${former} is back: all members answer build ${seen.buildId}.`;
    return `${former} was put back, but not all members answer so yet: ${describeAnswers(seen.answers)}`;
  } catch (error) {
    return `${former} was put back, and nobody waited for it: ${(error as Error).message}`;
  }
}

function awaitFormer(
  context: Context,
  verification: Verification,
  { place, from, fromBuild }: Change,
  back: Started,
): Promise<Verdict> {
  const members = Math.min(verification.members, from.maxInstances);
  return awaitBuild(
    context,
    { ...verification, members },
    {
      expected: fromBuild,
      notThis: verification.buildId,
      waitForEnd: fromBuild === undefined || fromBuild === verification.buildId,
      progress: () => progressOf(context, place, back, configurationOf(from)),
      timeoutMs: Math.min(verification.timeoutSeconds * 1000, RETURN_MS),
    },
  );
}

/** What is brought back, for people. */
function describeFormer({ from, to }: Change): string {
  if (from.image !== to.image) return `The former image ${from.image}`;
  if (from.instanceType !== to.instanceType) return `The former instance type ${from.instanceType}`;
  return `The former size of ${from.maxInstances} containers`;
}
