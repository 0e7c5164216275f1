import { z } from "zod";
import { about } from "./about";
import { each } from "./each";

export const Observability = about(
  z
    .strictObject({
      logRetentionDays: about(z.int().min(1).max(30).default(7), {
        what: "How long logs and metrics are kept.",
        unit: "days",
      }),
      sampling: about(z.number().min(0).max(1).default(1), {
        what: "Share of the requests that is logged.",
        unit: "share of 1",
        example: 0.5,
      }),
    })
    .prefault({}),
  { what: "What is logged, and for how long." },
);

const percent = (usual: number, what: string) =>
  about(z.number().min(0).max(100).default(usual), { what, unit: "percent" });
const seconds = (usual: number, what: string) =>
  about(z.number().min(1).max(600).default(usual), { what, unit: "seconds" });

export const Alerts = about(
  z
    .strictObject({
      email: about(
        z
          .array(z.email("expected an email address such as ops@example.com").meta({ form: "an email address" }))
          .superRefine(each("is named twice; name each address once"))
          .default([]),
        {
          what:
            "Who is told by email of Cloudflare's incidents. Alerts on the stack's own figures, and incidents too, go to the " +
            "secret `alertWebhookUrl`.",
          example: ["ops@example.com"],
        },
      ),
      cacheHitPercent: percent(
        70,
        "Alert when fewer of known shoppers' page views than this are answered from a cache; 0 for never.",
      ),
      generationP95Seconds: seconds(15, "Alert when 5 % of the generations of half an hour take longer than this."),
      coldStartSeconds: seconds(10, "Alert when 5 % of the containers started in an hour take longer than this."),
      modelErrorPercent: percent(5, "Alert when more of the calls to models than this fail; 100 for never."),
      runbookUrl: about(
        z
          .url({ protocol: /^https?$/, error: "expected an address such as https://wiki.example.com/runbooks/" })
          .optional(),
        {
          what:
            "Where the runbooks are that an alert names: one that ends in `/` gets the alert's name after it, any other `#` and " +
            "the name.",
          form: "an http or https address",
          otherwise: "the path of the runbook in this project, `docs/runbooks/{alert}.md`",
          example: "https://wiki.example.com/runbooks/",
        },
      ),
    })
    .prefault({}),
  {
    what: "When somebody is told, and who: docs/reference/metrics.md has the rules. Without a destination nobody is told.",
  },
);

const usd = (least: number) => z.number().min(least).max(1_000_000);

export const Budget = about(
  z
    .strictObject({
      monthlyUsd: about(usd(1), {
        what: "What the stack may cost a month, models included.",
        unit: "USD",
        example: 3000,
      }),
      perStoreDailyUsd: about(usd(0.01).optional(), {
        what: "What one store may spend on models a day; once it is spent the template makes its pages.",
        unit: "USD",
        otherwise: "no limit of its own",
        example: 20,
      }),
    })
    .optional(),
  { what: "What the stack may cost.", otherwise: "no limit" },
);
