/**
 * Patterns of routes (developers.cloudflare.com/workers/configuration/routing/routes, "Matching behavior"): a host with a `*` at
 * its start at most, and a path with one at its end at most. They are held against the whole address, the query included. A scheme
 * is kept and not looked at: the edge is asked without TLS for both.
 */

import { isInZone } from "./state/zones";

/** What a request is held against. */
export interface Asked {
  /** Lower case, without a port. */
  host: string;
  /** Path and query. */
  path: string;
}

export interface RoutePattern {
  /** Without a wildcard. */
  host: string;
  path: string;
  anyHost: boolean;
  anyPath: boolean;
}

const PATTERN = /^(?:https?:\/\/)?(\*?)([^/*?#]+)(\/[^*?#]*)?(\*?)$/;

/** A pattern of a zone: `*shop.example.com` is never `myshop.example.org`. */
export interface ZonePattern extends RoutePattern {
  zone: string;
}

/** A pattern in its parts; undefined where it is none. */
export function readPattern(text: string): RoutePattern | undefined {
  const [, anyHost, host, path = "", anyPath] = PATTERN.exec(text.trim()) ?? [];
  if (host === undefined || !isHost(host, anyHost !== "")) return undefined;
  return { host: host.toLowerCase(), path, anyHost: anyHost !== "", anyPath: anyPath !== "" };
}

/** The host that all hosts of a pattern end with: `example.com` of `*.example.com/*`. */
export const hostOf = ({ host }: RoutePattern): string => host.replace(/^\./, "");

/** The most specific of the routes that a request belongs to: a named host before a wildcard, then the longer one. */
export function findRoute<T extends ZonePattern>(routes: readonly T[], asked: Asked): T | undefined {
  return routes.filter((route) => matches(route, asked)).toSorted(moreSpecific)[0];
}

function matches({ host, path, anyHost, anyPath, zone }: ZonePattern, asked: Asked): boolean {
  const hostFits = anyHost ? asked.host.endsWith(host) && isInZone(asked.host, { name: zone }) : asked.host === host;
  const wanted = path === "" && !anyPath ? "/" : path;
  return hostFits && (anyPath ? asked.path.startsWith(wanted) : asked.path === wanted);
}

const moreSpecific = (a: RoutePattern, b: RoutePattern): number =>
  Number(a.anyHost) - Number(b.anyHost) ||
  b.host.length - a.host.length ||
  b.path.length - a.path.length ||
  Number(a.anyPath) - Number(b.anyPath);

const LABELS = /^([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?\.)+[a-z0-9][a-z0-9-]{0,61}[a-z0-9]$/;

const isHost = (host: string, wildcard: boolean): boolean =>
  LABELS.test((wildcard ? host.replace(/^\./, "") : host).toLowerCase());
