import { z } from "zod";
import { about } from "./about";

export const Cache = about(
  z
    .strictObject({
      ttlSeconds: about(z.int().min(60).max(86_400).default(3600), {
        what: "Lifetime of a page in KV, which takes no less than a minute. A shop's manifest may have its own.",
        unit: "seconds",
      }),
      staleSeconds: about(z.int().min(0).max(86_400).default(86_400), {
        what: "How long after that an old page may still be shown while a new one is made.",
        unit: "seconds",
      }),
    })
    .prefault({}),
  { what: "How long a page lives." },
);

export const Personalisation = about(
  z
    .strictObject({
      scope: about(z.enum(["shopper", "cohort"]).default("shopper"), {
        what:
          "Whose a page is: each shopper's own, or shared by a cohort (persona, top category and price band), " +
          "which takes far fewer generations.",
      }),
      trigger: about(z.enum(["first-visit", "returning"]).default("first-visit"), {
        what: "When a shopper's first page is made: at the first visit, or when they come back.",
      }),
    })
    .prefault({}),
  { what: "For whom pages are made, and when." },
);
