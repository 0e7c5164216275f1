/** What of a message fits into a line: its first one, and where that only announces the next by a colon, the next as well. */
export function headline(text: string): string {
  const [first = "", next = ""] = text.split("\n").flatMap((line) => line.trim() || []);
  return first.endsWith(":") && next !== "" ? `${first} ${next}` : first;
}
