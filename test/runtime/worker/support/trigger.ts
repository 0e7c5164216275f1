import type { TriggerRequest } from "../../../../runtime/worker/pool/job";

/** A trigger as the Worker sends it to a member. */
export function trigger(overrides: Partial<TriggerRequest> = {}): TriggerRequest {
  const shopper = overrides.shopper === undefined ? "alice" : overrides.shopper;
  return {
    store: "tea-house",
    shopper,
    subject: shopper ?? "cohort",
    persona: {
      type: "explorer",
      confidence: 0.5,
      signals: { avg_order_value: 10, category_preferences: [], price_sensitivity: "low", browsing_patterns: [] },
    },
    persona_hash: "v1_explorer_50_01234567",
    reason: "first_visit",
    canonical_url: "https://tea.example/s/tea-house",
    member: "pool-0",
    request_id: "request-1",
    asked_at: Date.now(),
    ...overrides,
  };
}
