const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 5_000;
/** A page that took longer comes with the next visit. */
const PATIENCE_MS = 180_000;
/** Answers in a row that there is no page in the making: then none will come. */
const MOST_BLANKS = 5;

/** Asks until the personal page is there and then offers it by a link. */
export async function offerWhenReady(identity: URLSearchParams): Promise<void> {
  const until = performance.now() + PATIENCE_MS;
  let blanks = 0;
  for (let pause = FIRST_PAUSE_MS; performance.now() < until; pause = Math.min(LONGEST_PAUSE_MS, pause * 1.3)) {
    await new Promise((resolve) => setTimeout(resolve, pause));
    const state = await stateOf(identity);
    if (state === "ready") return offer();
    blanks = state === "none" || state === undefined ? blanks + 1 : 0;
    if (state === "failed" || blanks >= MOST_BLANKS) return;
  }
}

/** The state of the page, or undefined when nobody answered. */
async function stateOf(identity: URLSearchParams): Promise<string | undefined> {
  try {
    const response = await fetch(`/api/generation/status?${identity}`);
    return ((await response.json()) as { state?: string }).state;
  } catch {
    return undefined;
  }
}

/** The reader decides when the page changes: this only puts a link where the page keeps a place for it. */
function offer(): void {
  const link = document.createElement("a");
  link.href = location.pathname + location.search;
  link.textContent = "Your store is ready";
  document.querySelector("#wand-notice")?.replaceChildren(link);
}
