/** A shop as people know it. */
export const slugOf = (stack: string): string => stack.replace(/^shop-/, "");

/** What of a message fits into a line. */
export const firstLine = (text: string): string => text.split("\n")[0]!;
