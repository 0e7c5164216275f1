/** The page that was offered in this tab, until it is on the screen. A browser that keeps nothing only hears of it twice. */
const keyOf = (identity: URLSearchParams): string => `wand-told-${identity.get("store")}`;

export function rememberTold(identity: URLSearchParams, personaHash: string): void {
  try {
    sessionStorage.setItem(keyOf(identity), personaHash);
  } catch {
    // Storage is off.
  }
}

/** The hash of the page that was offered, once. */
export function takeTold(identity: URLSearchParams): string | undefined {
  try {
    const told = sessionStorage.getItem(keyOf(identity));
    sessionStorage.removeItem(keyOf(identity));
    return told ?? undefined;
  } catch {
    return undefined;
  }
}
