import { listen } from "./line";
import { sayReady } from "./ready";
import { rememberTold } from "./told";

const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 5_000;
/** With an open line only every so many pauses are used to ask: it tells by itself, but not of a page made for many at once. */
const PAUSES_WITH_LINE = 5;
/** A page that took longer comes with the next visit. */
const PATIENCE_MS = 180_000;
/** Longest that an answer is waited for. */
const ANSWER_MS = 10_000;
/** Answers in a row that there is no page in the making: then none will come. */
const MOST_BLANKS = 5;

interface Page {
  persona_hash?: string;
  generated_at?: string | null;
}

/**
 * Waits for the personal page and offers it by a link: told by the WebSocket, or by asking where that cannot be had. `shown` is
 * when the page on the screen was made; empty for one that is nobody's own.
 */
export async function offerWhenReady(identity: URLSearchParams, shown: string): Promise<void> {
  const until = performance.now() + PATIENCE_MS;
  const state = { over: false };
  const end = (): void => {
    state.over = true;
    line.close();
  };
  const isNewer = ({ generated_at }: Page): boolean => !(Date.parse(generated_at ?? "") <= Date.parse(shown));
  const offer = (page: Page): void => {
    if (state.over) return;
    end();
    rememberTold(identity, page.persona_hash ?? "");
    showLink(page);
  };
  const line = listen(identity, ({ type, data }) => {
    if (type === "error") end();
    if (type !== "ui_ready") return;
    if (isNewer(data)) offer(data);
    else line.acknowledge(data.persona_hash ?? ""); // the page on the screen
  });

  let blanks = 0;
  let skipped = 0;
  let pause = FIRST_PAUSE_MS;
  while (!state.over && performance.now() < until) {
    await new Promise((resolve) => setTimeout(resolve, pause));
    pause = Math.min(LONGEST_PAUSE_MS, pause * 1.3);
    if (state.over || (line.isOpen && ++skipped % PAUSES_WITH_LINE !== 0)) continue;
    const status = await statusOf(identity);
    const isReady = status.state === "ready" && isNewer(status);
    if (isReady) offer(status);
    blanks = status.state === "queued" || status.state === "running" ? 0 : blanks + 1;
    if (isReady || status.state === "failed" || blanks >= MOST_BLANKS) break;
  }
  end();
}

/** How the page stands; without a state when nobody answered. */
async function statusOf(identity: URLSearchParams): Promise<Page & { state?: string }> {
  try {
    const response = await fetch(`/api/generation/status?${identity}`, { signal: AbortSignal.timeout(ANSWER_MS) });
    return (await response.json()) as Page & { state?: string };
  } catch {
    return {};
  }
}

/** As long as the shop's copies of what is ready may be behind, seconds: a minute, and the time to read. */
const TOLD_SECONDS = 120;

/** Lets the visit that follows look for this page where it is known first. The cookie names nobody. */
function sayWhatIsWanted({ generated_at }: Page): void {
  const at = Date.parse(generated_at ?? "");
  if (at > 0) document.cookie = `wand_told=${at}; path=/s/; max-age=${TOLD_SECONDS}; samesite=lax`;
}

/** The reader decides when the page changes: this only puts a link where the page keeps a place for it. */
function showLink(page: Page): void {
  const link = document.createElement("a");
  for (const opened of ["click", "auxclick"]) link.addEventListener(opened, () => sayWhatIsWanted(page));
  link.href = location.pathname + location.search;
  sayReady(link);
  document.querySelector("#wand-notice")?.replaceChildren(link);
}
