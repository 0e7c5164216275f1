import { z } from "zod";
import { STORE_SLUG_PATTERN } from "../../../runtime/contract/store";
import { ENVIRONMENTS } from "../defaults";
import { about, switchOf, text } from "./about";
import { each } from "./each";

export const Environment = about(z.enum(ENVIRONMENTS), {
  what: "What the stack is for. `shop` is the stack of one merchant; `prod` refuses what only a rehearsal may have.",
  example: "staging",
});

export const AccountId = about(text("the account's 32 hex digits, in quotes", /^[0-9a-f]{32}$/), {
  what: "The Cloudflare account that the stack is deployed to.",
  otherwise: "`CLOUDFLARE_ACCOUNT_ID` of the environment",
  example: "0123456789abcdef0123456789abcdef",
});

export const EdgeUrl = about(
  z.url({ protocol: /^https?$/, error: "expected an address such as http://127.0.0.1:8787" }).optional(),
  {
    what: "Where the edge answers when the stack has no domain and no workers.dev, as in the embedded cloud.",
    form: "an http or https address",
    example: "http://127.0.0.1:8787",
  },
);

const Slug = text("a slug: 2 to 40 lower-case letters, digits and single hyphens", STORE_SLUG_PATTERN);

export const Stores = about(
  z
    .array(Slug)
    .min(1, "expected at least one store, the name of a folder below stores/")
    .superRefine(each("is named twice; name each store once")),
  {
    what: "The shops of the stack, each a folder below `stores/`. The bare address leads to the first.",
    example: ["magic-wands", "moss-and-kettle"],
  },
);

export const Protect = switchOf(
  "protect",
  "Whether what holds a shop's data (KV, D1, R2, the Worker with its Durable Objects) refuses to be deleted. " +
    "`false` is the explicit word that removing it takes: bring it in with an `up` of its own, then remove.",
);
