/** An event of the shop, as its WebSocket tells it. */
export interface ShopEvent {
  type: "ui_ready" | "generation_progress" | "error";
  data: { persona_hash?: string; generated_at?: string };
  seq?: number;
}

/** A WebSocket that comes back when it breaks off. */
export interface Line {
  readonly isOpen: boolean;
  acknowledge(personaHash: string): void;
  close(): void;
}

/** Often enough that no proxy takes the line for a dead one. */
const PING_MS = 30_000;
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 30_000;
/** Failures in a row after which the line cannot be had. */
const MOST_FAILURES = 5;
/** Codes by which the shop says not to come back: too many lines, or all was erased. */
const FOR_GOOD = [1008, 4001];

/** Listens to the shopper's events. After a break the shop is told the last one heard, and tells what was missed. */
export function listen(identity: URLSearchParams, hear: (event: ShopEvent) => void, opened?: () => void): Line {
  let socket: WebSocket | undefined;
  let since: number | undefined;
  let failures = 0;
  let answered = true;
  let over = false;
  let again: ReturnType<typeof setTimeout> | undefined;

  const connect = (): void => {
    const query = new URLSearchParams(identity);
    if (since !== undefined) query.set("since", String(since));
    socket = new WebSocket(`${location.origin.replace(/^http/, "ws")}/ws?${query}`);
    socket.addEventListener("open", () => {
      failures = 0;
      answered = true;
      opened?.();
    });
    socket.addEventListener("message", ({ data }) => {
      answered = true;
      if (data === "pong") return;
      const event = JSON.parse(data as string) as ShopEvent;
      since = event.seq ?? since;
      hear(event);
    });
    socket.addEventListener("close", ({ code }) => {
      if (over || FOR_GOOD.includes(code) || ++failures > MOST_FAILURES) return clearInterval(pings);
      // At any moment of the pause: whoever lost the line with everybody else does not come back with them.
      again = setTimeout(connect, Math.random() * Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** failures));
    });
  };
  const isOpen = (): boolean => socket?.readyState === WebSocket.OPEN;
  const pings = setInterval(() => {
    if (!isOpen()) return;
    if (!answered) return socket?.close();
    answered = false;
    socket?.send("ping");
  }, PING_MS);
  connect();
  return {
    get isOpen() {
      return isOpen();
    },
    acknowledge: (persona_hash) => {
      if (isOpen()) socket?.send(JSON.stringify({ type: "ui_acknowledged", data: { persona_hash } }));
    },
    close: () => {
      over = true;
      clearInterval(pings);
      clearTimeout(again);
      socket?.close();
    },
  };
}
