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

export const Debug = about(
  z
    .strictObject({
      enabled: switchOf("debug.enabled", "Whether the debug routes answer to the admin token. Never in prod."),
    })
    .prefault({}),
  { what: "Routes that show what the Worker has in it." },
);
