import type { Entry } from "../../local/deploy";
import { columns } from "./table";

/** A line for each entry, below a line of titles. */
export function entryLines(entries: readonly Entry[]): string[] {
  if (entries.length === 0) return [];
  const rows = entries.map((entry) => [entry.where, entry.key, untilOf(entry), notesOf(entry)]);
  return columns([["in", "key", "until (UTC)", "notes"], ...rows]).map((row) => row.join("").trimEnd());
}

/** Such as `2 pages, 1 session`; pages in KV and in R2 are counted apart. */
export function tally(entries: readonly Entry[]): string {
  const counts = new Map<string, number>();
  for (const { kind, where } of entries) {
    const what = where === "r2" ? "object" : kind.replace(/s$/, "");
    counts.set(what, (counts.get(what) ?? 0) + 1);
  }
  const parts = [...counts].map(([what, count]) => `${count} ${what}${count === 1 ? "" : "s"}`);
  return parts.length === 0 ? "nothing" : parts.join(", ");
}

const untilOf = ({ expiresAt, where }: Entry): string =>
  where === "r2" ? "bucket's rule" : (expiresAt?.slice(0, 19).replace("T", " ") ?? "–");

function notesOf({ notes, bytes }: Entry): string {
  const { source, generated_at: at, catalogue_version: catalogue } = notes;
  return [
    ...(bytes === undefined ? [] : [`${Math.ceil(bytes / 1024)} KiB`]),
    ...(source === undefined ? [] : [`by ${source}`]),
    ...(at === undefined ? [] : [at.slice(0, 19).replace("T", " ")]),
    ...(catalogue === undefined ? [] : [`catalogue ${catalogue}`]),
  ].join(", ");
}
