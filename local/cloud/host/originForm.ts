import type { IncomingMessage } from "node:http";

/** Scheme, who asks, host with port, path with query; a fragment is no part of a request. */
const ABSOLUTE = /^https?:\/\/(?:[^/?#]*@)?([^/?#]*)([^#]*)/i;

/**
 * A request whose line names a whole address, as clients write it for a proxy, in the usual form: the host in the address counts,
 * whatever the header `Host` says (RFC 9112, 3.2.2). Changes the request in place; any other is left as it is.
 */
export function inOriginForm(request: IncomingMessage): IncomingMessage {
  const [absolute, host = "", target = ""] = ABSOLUTE.exec(request.url ?? "") ?? [];
  if (absolute === undefined) return request;
  request.url = target.startsWith("/") ? target : `/${target}`;
  request.headers.host = host;
  return request;
}
