import { z } from "zod";
import type { Context } from "../context";

export const Verification = z.object({
  url: z.url({ protocol: /^https?$/ }).describe("Where the Worker answers, without a path."),
  token: z.string().min(1).meta({ secret: true }).describe("The Worker's admin token."),
  members: z.number().int().min(1).describe("Members of the pool: `pool-0` to `pool-{members - 1}`."),
  buildId: z
    .string()
    .min(1)
    .optional()
    .describe("What each must answer; without it the same of all, and another than before where the image is another."),
  timeoutSeconds: z.number().int().min(1).describe("How long they may take, seconds."),
});
export type Verification = z.infer<typeof Verification>;

/** What a member answered. `closed`: the Worker let nobody through to it. `silent`: nothing answered at all. */
export interface MemberAnswer {
  readonly member: string;
  readonly kind: "build" | "not yet" | "closed" | "silent";
  readonly buildId?: string;
  /** For people: "build 1a2b" or "503 CONTAINER_ERROR". Holds nothing of an answer that could be a secret. */
  readonly text: string;
}

/** Members asked at once: asking wakes a container, and ten that start together are slower than four. */
const CONCURRENCY = 4;
/** Longest wait for one member, milliseconds: the Worker waits up to 28 s for a container to start. */
const PROBE_DEADLINE_MS = 30_000;
/** Wait for one member when the time is over, milliseconds: enough for a container that is awake. */
const LEAST_DEADLINE_MS = 2_000;

const Answered = z.object({ member: z.string(), build_id: z.string().min(1).max(200) });
const Refused = z.object({ error: z.object({ code: z.string().regex(/^[A-Z_]{1,40}$/) }) });

/**
 * Asks every member of the pool through the Worker which build it runs. Never throws: no answer is one, too.
 * @param until milliseconds since the epoch; from then on only a member that answers at once is heard.
 */
export async function askMembers(
  context: Pick<Context, "edge" | "now">,
  verification: Verification,
  until: number,
): Promise<MemberAnswer[]> {
  const answers: MemberAnswer[] = [];
  const waiting = Array.from({ length: verification.members }, (_, index) => index).values();
  const askInTurn = async (): Promise<void> => {
    for (const index of waiting) answers[index] = await ask(context, verification, `pool-${index}`, until);
  };
  await Promise.all(Array.from({ length: Math.min(CONCURRENCY, verification.members) }, askInTurn));
  return answers;
}

/** The build that all answers agree on, and that is the expected one where one is; else undefined. */
export function agreedBuild(answers: readonly MemberAnswer[], expected: string | undefined): string | undefined {
  const wanted = expected ?? answers[0]?.buildId;
  return answers.every(({ buildId }) => buildId !== undefined && buildId === wanted) ? wanted : undefined;
}

/** "pool-0, pool-1 answered build b1; pool-2 answered 503." */
export function describeAnswers(answers: readonly MemberAnswer[]): string {
  const byText = new Map<string, string[]>();
  for (const { text, member } of answers) byText.set(text, [...(byText.get(text) ?? []), member]);
  return `${[...byText].map(([text, members]) => `${members.join(", ")} ${text}`).join("; ")}.`;
}

async function ask(
  { edge, now }: Pick<Context, "edge" | "now">,
  { url, token }: Verification,
  member: string,
  until: number,
): Promise<MemberAnswer> {
  const deadlineMs = Math.max(LEAST_DEADLINE_MS, Math.min(PROBE_DEADLINE_MS, until - now()));
  try {
    const { status, body } = await edge(`${url.replace(/\/+$/, "")}/api/pool/${member}`, { bearer: token, deadlineMs });
    return { member, ...read(member, status, body) };
  } catch {
    return { member, kind: "silent", text: "gave no answer" };
  }
}

function read(member: string, status: number, body: string): Omit<MemberAnswer, "member"> {
  const json = parseJson(body);
  const answered = Answered.safeParse(json);
  if (status === 200 && answered.data?.member === member) {
    const buildId = answered.data.build_id;
    return { kind: "build", buildId, text: `answered build ${buildId}` };
  }
  if (status === 200) return { kind: "not yet", text: "answered 200, but without a build id" };
  const code = Refused.safeParse(json).data?.error.code;
  const text = `answered ${status}${code === undefined ? "" : ` ${code}`}`;
  // An admin route that does not know the caller does not exist for him: the Worker answers 404.
  return { kind: status === 401 || status === 403 || status === 404 ? "closed" : "not yet", text };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
