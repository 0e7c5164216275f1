/** What one look found. */
export interface Finding {
  /** What was looked at, such as `Docker engine`. */
  name: string;
  /** `ok`: it is there and works. `missing`: the named use does without. `bad`: the named use needs it. */
  status: "ok" | "missing" | "bad";
  /** What was found; never a secret. */
  found: string;
  /** What it is needed for. */
  for: string;
  /** How to get it; only where it is not there. */
  get?: string;
}

/** A finding whose weight depends on whether the named use needs the thing. */
export function finding(
  what: { name: string; for: string; needed: boolean },
  seen: { ok: boolean; found: string; get: string },
): Finding {
  const { name, needed } = what;
  if (seen.ok) return { name, status: "ok", found: seen.found, for: what.for };
  return { name, status: needed ? "bad" : "missing", found: seen.found, for: what.for, get: seen.get };
}
