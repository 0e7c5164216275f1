import { z } from "zod";
import { LlmProvidersSchema } from "../../../runtime/contract/llm";
import { about } from "./about";

export const Llm = about(
  z
    .strictObject({
      providers: about(LlmProvidersSchema.default([]), {
        what:
          "The models, asked in this order. One whose key is missing is left out, with a warning; with none the " +
          "template makes every page.",
        example: [{ kind: "kimi", model: "kimi-k2.6" }],
      }),
      format: about(z.enum(["layout", "html"]).default("layout"), {
        what:
          "What a model is asked for: a layout, which the renderer fills with the catalogue's facts, or a whole page " +
          "of HTML, which costs several times as much and is sanitised.",
      }),
      deadlineMs: about(z.int().min(5_000).max(120_000).default(60_000), {
        what: "Time that one generation may take in all.",
        unit: "milliseconds",
      }),
    })
    .prefault({}),
  { what: "The models that lay pages out." },
);
