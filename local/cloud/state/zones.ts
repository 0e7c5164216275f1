/** The zones of the account, and which of them a host name belongs to. */
import { hexId } from "./ids";
import type { State, ZoneDoc } from "./model";

/** What the account owns from the start; nobody's domain (RFC 2606). */
const FIRST_ZONE = "example.com";

/** Gives a new account its zone. */
export function openZones(state: State, now: Date): void {
  if (state.zones.list().length > 0) return;
  addZone(state, FIRST_ZONE, now);
}

export function addZone(state: State, name: string, now: Date): ZoneDoc {
  const zone: ZoneDoc = { id: hexId(), name, createdOn: now.toISOString() };
  state.zones.put(zone.id, zone);
  return zone;
}

/** Whether a host name is the zone's own or below it: `shop.example.com` is in `example.com`, `myexample.com` is not. */
export const isInZone = (hostname: string, { name }: Pick<ZoneDoc, "name">): boolean =>
  hostname === name || hostname.endsWith(`.${name}`);

/** The zone nearest above a host name; undefined where the account has none. */
export const zoneOf = (state: State, hostname: string): ZoneDoc | undefined =>
  state.zones
    .list()
    .filter((zone) => isInZone(hostname, zone))
    .toSorted((a, b) => b.name.length - a.name.length)[0];
