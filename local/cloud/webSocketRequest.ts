import type { IncomingMessage } from "node:http";

/**
 * Whether a request asks to become a WebSocket (RFC 6455, 4.1). Any other protocol that a client offers to change to is overlooked,
 * as a server may (RFC 9110, 7.8): `curl --http2` and Java's client offer HTTP/2 with every request.
 */
export const wantsWebSocket = ({ method, headers }: Pick<IncomingMessage, "method" | "headers">): boolean =>
  method === "GET" && headers.upgrade?.toLowerCase() === "websocket";
