/**
 * Rendezvous (highest random weight) hashing: every member has a weight for every key, and the heaviest member owns it.
 * One more member takes 1/N of the keys from the others and moves no other key; a modulo would move nine tenths.
 * D. Thaler, C. Ravishankar, "A name-based mapping scheme for rendezvous", 1996.
 */
export function rankMembers(key: string, members: readonly string[]): string[] {
  return members
    .map((member) => ({ member, weight: weightOf(member, key) }))
    .toSorted((a, b) => b.weight - a.weight || (a.member < b.member ? -1 : 1))
    .map(({ member }) => member);
}

const { imul } = Math;

/** FNV-1a over the UTF-16 code units, then MurmurHash3's 32-bit finaliser, so that near-equal names spread evenly. */
function weightOf(member: string, key: string): number {
  let hash = 0x811c9dc5;
  for (const text of [member, "\0", key]) {
    for (let i = 0; i < text.length; i++) hash = imul(hash ^ text.charCodeAt(i), 0x01000193);
  }
  hash = imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
