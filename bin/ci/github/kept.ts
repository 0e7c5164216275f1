import { z } from "zod";
import type { GitHub } from "./api";

const PAGE = 100;
/** More comments are not looked through: a new one is written then. */
const MOST_PAGES = 30;

const KeptSchema = z.looseObject({
  id: z.int(),
  number: z.int().optional(),
  html_url: z.string().default(""),
  body: z.string().nullish(),
  user: z.looseObject({ login: z.string() }).nullish(),
  pull_request: z.unknown().optional(),
});
type Kept = z.output<typeof KeptSchema>;

export interface Text {
  /** The first line, by which a later run finds it again. */
  readonly marker: string;
  /** Who wrote it; the same words of anybody else are left alone. */
  readonly author: string;
  readonly body: string;
}

/** Puts a comment at a pull request, in the place of the one that a former run wrote. @throws GitHubRefusal */
export async function keepComment(api: GitHub, pr: number, text: Text): Promise<{ url: string; updated: boolean }> {
  const former = await find(api, `/issues/${pr}/comments?`, text);
  const { body } = text;
  const sent = former
    ? await api.send("PATCH", `/issues/comments/${former.id}`, { body })
    : await api.send("POST", `/issues/${pr}/comments`, { body });
  return { url: KeptSchema.parse(sent).html_url, updated: former !== undefined };
}

/** Opens an issue, or puts the new text into the open one of a former run. @throws GitHubRefusal */
export async function keepIssue(api: GitHub, title: string, text: Text): Promise<{ url: string; updated: boolean }> {
  const former = await find(api, "/issues?state=open&", text);
  const { body } = text;
  const sent = former
    ? await api.send("PATCH", `/issues/${former.number}`, { title, body })
    : await api.send("POST", "/issues", { title, body });
  return { url: KeptSchema.parse(sent).html_url, updated: former !== undefined };
}

/** Closes the open issue of a former run, if there is one; its text stays. @throws GitHubRefusal */
export async function closeIssue(api: GitHub, text: Omit<Text, "body">): Promise<boolean> {
  const former = await find(api, "/issues?state=open&", text);
  if (former === undefined) return false;
  await api.send("PATCH", `/issues/${former.number}`, { state: "closed", state_reason: "completed" });
  return true;
}

async function find(api: GitHub, path: string, { marker, author }: Omit<Text, "body">): Promise<Kept | undefined> {
  for (let page = 1; page <= MOST_PAGES; page += 1) {
    const items = z.array(KeptSchema).parse(await api.send("GET", `${path}per_page=${PAGE}&page=${page}`));
    const own = items.find(({ body, user, pull_request: isPull }) => {
      return user?.login === author && isPull === undefined && body?.startsWith(marker) === true;
    });
    if (own !== undefined || items.length < PAGE) return own;
  }
  return undefined;
}
