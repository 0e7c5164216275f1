import { CLOSE, PING, PONG, type SentEvent } from "../../contract/websocket";
import type { ShopperName } from "./api";
import { Allowance, type Verdict } from "./allowance";

/** Sockets of one shopper at a time: tabs and devices of a person. The oldest gives way. */
export const MOST_SOCKETS = 20;

/** What a socket knows of itself while its object sleeps. */
export interface Attached extends ShopperName {
  /** Of the storefront, such as `https://shop.example`. */
  origin: string;
  openedAt: number;
}

/** A shopper's open WebSockets, which outlive the object's sleep. */
export class Sockets {
  readonly #ctx: DurableObjectState;
  readonly #allowances = new WeakMap<WebSocket, Allowance>();

  constructor(ctx: DurableObjectState) {
    this.#ctx = ctx;
    ctx.setWebSocketAutoResponse(new WebSocketRequestResponsePair(PING, PONG));
  }

  accept(socket: WebSocket, attached: Attached): void {
    const open = this.#open().toSorted((a, b) => attachedTo(a).openedAt - attachedTo(b).openedAt);
    for (const oldest of open.slice(0, Math.max(0, open.length - MOST_SOCKETS + 1))) {
      oldest.close(CLOSE.policy, "too many connections of one shopper");
    }
    this.#ctx.acceptWebSocket(socket);
    socket.serializeAttachment(attached);
  }

  /** Sends an event to everybody who listens. */
  tell(event: SentEvent): void {
    for (const socket of this.#open()) send(socket, event);
  }

  /** Whether a socket may say one more thing now. */
  hear(socket: WebSocket, now: number): Verdict {
    let allowance = this.#allowances.get(socket);
    if (allowance === undefined) {
      allowance = new Allowance(now);
      this.#allowances.set(socket, allowance);
    }
    return allowance.take(now);
  }

  closeAll(code: number, reason: string): void {
    for (const socket of this.#open()) socket.close(code, reason);
  }

  #open(): WebSocket[] {
    return this.#ctx.getWebSockets().filter((socket) => socket.readyState === WebSocket.READY_STATE_OPEN);
  }
}

export const attachedTo = (socket: WebSocket): Attached => socket.deserializeAttachment() as Attached;

/** A socket that breaks off this moment hears nothing more; its client comes back and says what it heard last. */
export function send(socket: WebSocket, event: SentEvent): void {
  try {
    socket.send(JSON.stringify(event));
  } catch {
    // It is closed: webSocketClose or webSocketError follows.
  }
}
