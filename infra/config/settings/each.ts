import type { z } from "zod";

/** Refuses the second of two equal items of a list. */
export const each =
  (message: string) =>
  (items: readonly string[], context: z.RefinementCtx): void => {
    items.forEach((item, index) => {
      if (items.indexOf(item) === index) return;
      context.addIssue({ code: "custom", path: [index], input: item, message });
    });
  };
