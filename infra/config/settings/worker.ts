import { z } from "zod";
import { about, text } from "./about";

const hostName = (form: string) => text(form, /^(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,}$/);

export const Worker = about(
  z
    .strictObject({
      name: about(text("1 to 63 lower-case letters, digits and hyphens", /^[a-z0-9][a-z0-9-]{0,62}$/).optional(), {
        what: "The Worker's name in the account.",
        otherwise: "`wandstore-{stack}-storefront`",
        example: "wandstore-prod-storefront",
      }),
      domain: about(hostName("a host name such as shop.example.com").optional(), {
        what: "Host name of the shop, in a zone of the account.",
        otherwise: "none: the shop answers on workers.dev",
        example: "shop.example.com",
      }),
      zone: about(hostName("a zone's name such as example.com").optional(), {
        what: "The zone that `domain` is in.",
        otherwise: "the zone of the account that `domain` ends in",
        example: "example.com",
      }),
      subdomain: about(z.boolean().optional(), {
        what: "Whether the Worker answers on workers.dev.",
        otherwise: "true without a `domain`, false with one",
      }),
      rollout: about(z.int().min(0).max(100).default(100), {
        what: "Share of the requests that a new version gets; the former version gets the rest. 0 uploads it only.",
        unit: "percent",
        example: 10,
      }),
      compatibilityDate: about(z.iso.date("expected a date such as 2026-07-01, in quotes").default("2026-07-01"), {
        what: "The day whose behaviour of the Workers runtime the code was written for.",
        form: "a date",
      }),
    })
    .prefault({}),
  { what: "The Worker at the edge: its name, where it answers, and how a new version comes in." },
);
