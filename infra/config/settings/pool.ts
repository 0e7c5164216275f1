import { z } from "zod";
import { about, switchOf, text } from "./about";

/** Sizes that Cloudflare has for a container, smallest first. */
const INSTANCE_TYPES = ["lite", "basic", "standard-1", "standard-2", "standard-3", "standard-4"] as const;

const Verify = about(
  z
    .strictObject({
      enabled: switchOf(
        "pool.verify.enabled",
        "Whether a new image counts as rolled out only when every member has answered with its build id.",
      ),
      timeoutSeconds: about(z.int().min(30).max(1800).default(600), {
        what: "How long the members may take to answer; after it the former image comes back.",
        unit: "seconds",
      }),
    })
    .prefault({}),
  { what: "How a rollout of the generator is verified." },
);

export const Pool = about(
  z
    .strictObject({
      size: about(z.int().min(1).max(50).default(10), {
        what: "Members of the pool: queues, and containers that may run at once.",
        unit: "members",
      }),
      maxQueueDepth: about(z.int().min(1).max(10_000).default(100), {
        what: "Jobs that may wait at one member before it answers 429.",
        unit: "jobs",
      }),
      concurrency: about(z.int().min(1).max(16).default(4), {
        what: "Jobs that one member runs side by side.",
        unit: "jobs",
      }),
      sleepAfter: about(text("a number and s, m or h, such as 5m", /^[1-9]\d{0,3}[smh]$/).default("5m"), {
        what: "How long an idle container stays awake.",
      }),
      instanceType: about(z.enum(INSTANCE_TYPES).default("lite"), {
        what: "Size of a container, as Cloudflare names it: `lite` has 1/16 vCPU and 256 MiB.",
      }),
      verify: Verify,
    })
    .prefault({}),
  { what: "The generators: how many, how large, and how long they stay." },
);
