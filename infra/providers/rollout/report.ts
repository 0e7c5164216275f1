import { describeAnswers, type Verification } from "./members";
import type { Verdict } from "./verify";

export type Failure = Extract<Verdict, { ok: false }>;

const LOGS = "the containers' logs (in the dashboard under Workers & Pages, Containers) say why one does not start";

/** What was expected of an application's members, what they answered, and what to do. Names no token. */
export function describeFailure(application: string, verification: Verification, failure: Failure): string {
  const { url, buildId, timeoutSeconds } = verification;
  const expected = buildId === undefined ? "one new build" : `build ${buildId}`;
  const answers = describeAnswers(failure.answers);
  switch (failure.why) {
    case "closed":
      return (
        `Nobody can see which build the members of ${application} run: ${answers} The Worker at ${url} answers so when the ` +
        "admin token is not its own, or when it is an older version without the route /api/pool; deploy the Worker first."
      );
    case "silent":
      return (
        `Nobody can see which build the members of ${application} run: ${answers} Check that ${url} leads to the Worker; a ` +
        "new domain takes some minutes."
      );
    case "undone":
      return (
        `The rollout of ${application} was reverted or replaced by somebody else before all members answered ${expected}: ` +
        `${answers} What runs now was left as it is; refresh the stack to see it.`
      );
    case "time":
      return (
        `Not all members of ${application} answered ${expected} within ${timeoutSeconds} s: ${answers} ` +
        (buildId === undefined && isOneBuild(failure)
          ? "All run one build, but not a new one: name the image's build id (image.buildId) if the former had the same code."
          : `Mend the image and deploy again (${LOGS}), or give it longer (pool.verify.timeoutSeconds).`)
      );
  }
}

const isOneBuild = ({ answers }: Failure): boolean =>
  answers.every(({ buildId }) => buildId !== undefined && buildId === answers[0]?.buildId);
