/** A shop as people know it. */
export const slugOf = (stack: string): string => stack.replace(/^shop-/, "");
