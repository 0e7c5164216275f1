import * as z from "zod";

/** Persona types, in the order a score breaks ties. `unknown` is what a shopper is before there is evidence. */
export const PERSONA_TYPES = ["minimalist", "explorer", "collector", "dealhunter", "loyalist", "unknown"] as const;
export type PersonaType = (typeof PERSONA_TYPES)[number];

/** Older documents spell one persona differently; both spellings are accepted, one is kept. */
const SPELLINGS: Readonly<Record<string, PersonaType>> = { bargain_hunter: "dealhunter" };

export const PersonaTypeSchema = z.preprocess(
  (value) => (typeof value === "string" ? (SPELLINGS[value] ?? value) : value),
  z.enum(PERSONA_TYPES),
);

/** What a shopper's behaviour says, as the generator is told it. Money is in the shop's currency. */
export const SignalsSchema = z.object({
  avg_order_value: z.number().min(0).max(1_000_000),
  category_preferences: z.array(z.string().max(100)).max(20),
  price_sensitivity: z.enum(["low", "medium", "high"]),
  browsing_patterns: z.array(z.string().max(60)).max(20),
});
export type Signals = z.infer<typeof SignalsSchema>;

export const PersonaSchema = z.object({
  type: PersonaTypeSchema,
  confidence: z.number().min(0).max(1),
  signals: SignalsSchema,
});
export type Persona = z.infer<typeof PersonaSchema>;

/** `v{version}_{type}_{confidence}_{hash}`; confidence in whole percent, hash in hex. */
export const PERSONA_HASH_PATTERN = /^v\d+_[a-z]+_\d{1,3}_[0-9a-f]{8}$/;
