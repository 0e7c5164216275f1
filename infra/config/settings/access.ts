import { z } from "zod";
import { about, switchOf } from "./about";

export const Identity = about(
  z
    .strictObject({
      unsignedLinks: switchOf(
        "identity.unsignedLinks",
        "Whether a link may name a shopper without a signature, which lets anyone act as any shopper. Never in prod.",
      ),
    })
    .prefault({}),
  { what: "How a shopper is known." },
);

const generation = (what: string) =>
  about(z.int().min(1).max(999).default(1), { what: `${what} Raise it by one to have a new one.` });

export const Rotation = about(
  z
    .strictObject({
      shopperSigningKey: generation(
        "Which key signs cookies and links. What the one before signed stays good, until the next rotation.",
      ),
      webhookSigningKey: generation(
        "Which key signs the webhooks between our own parts; the one before stays good, too.",
      ),
      adminToken: generation("Which token opens the routes for operators. The one before is good no longer."),
    })
    .prefault({}),
  { what: "Which of the secrets that the deployment makes by itself is in use, counted from 1." },
);

export const Debug = about(
  z
    .strictObject({
      enabled: switchOf("debug.enabled", "Whether the debug routes answer to the admin token. Never in prod."),
    })
    .prefault({}),
  { what: "Routes that show what the Worker has in it." },
);
