import { z } from "zod";
import { Failure } from "../../failure";

const DEADLINE_MS = 20_000;
/** Times that a request which changes nothing is sent; GitHub's own troubles pass. */
const TRIES = 3;
const LONGEST_REASON = 200;

/** A refusal of GitHub's API, by its status. */
export class GitHubRefusal extends Error {
  override readonly name = "GitHubRefusal";
  readonly code = "GITHUB_REFUSED";
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

export interface GitHub {
  /** A path below the repository, such as `/issues/7/comments`. @throws GitHubRefusal */
  readonly send: (method: "GET" | "POST" | "PATCH", path: string, body?: object) => Promise<unknown>;
}

const EnvironmentSchema = z.object({
  GITHUB_API_URL: z.url().default("https://api.github.com"),
  GITHUB_REPOSITORY: z.string().regex(/^[\w.-]+\/[\w.-]+$/, "expected owner/name"),
  GITHUB_TOKEN: z.string().min(1),
});

/** The API for the repository that the environment names. @throws Failure USAGE where it names none, or no token */
export function gitHub(env: NodeJS.ProcessEnv = process.env): GitHub {
  const given = EnvironmentSchema.safeParse(env);
  if (!given.success) {
    const missing = given.error.issues.map(({ path }) => path.join("."));
    throw new Failure("USAGE", `GitHub cannot be asked: set ${missing.join(" and ")}, or print with --print`);
  }
  const { GITHUB_API_URL: origin, GITHUB_REPOSITORY: repository, GITHUB_TOKEN: token } = given.data;
  const root = `${origin.replace(/\/$/, "")}/repos/${repository}`;
  return {
    send: async (method, path, body) => {
      const request = { method, headers: headersWith(token), ...(body && { body: JSON.stringify(body) }) };
      // A POST whose answer was lost may have been carried out: sent again it would be there twice.
      return ask(`${root}${path}`, request, method === "POST" ? 1 : TRIES);
    },
  };
}

const headersWith = (token: string): Record<string, string> => ({
  accept: "application/vnd.github+json",
  authorization: `Bearer ${token}`,
  "content-type": "application/json",
  "user-agent": "wandstore-ci",
  "x-github-api-version": "2022-11-28",
});

async function ask(url: string, request: RequestInit, tries: number): Promise<unknown> {
  const { pathname } = new URL(url);
  let response: Response;
  try {
    response = await fetch(url, { ...request, signal: AbortSignal.timeout(DEADLINE_MS), redirect: "error" });
  } catch (cause) {
    if (tries > 1) return ask(url, request, tries - 1);
    throw new Failure(
      "GITHUB_REFUSED",
      `GitHub did not answer ${request.method} ${pathname}: ${(cause as Error).message}`,
    );
  }
  if (response.status >= 500 && tries > 1) {
    await response.body?.cancel();
    return ask(url, request, tries - 1);
  }
  if (response.ok) return response.json();
  const said = await response.text().catch(() => "");
  const reason = said.slice(0, LONGEST_REASON).replace(/\s+/g, " ");
  throw new GitHubRefusal(
    response.status,
    `GitHub answered ${request.method} ${pathname} with ${response.status}: ${reason}`,
  );
}
