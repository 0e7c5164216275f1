import { capabilitiesOf, claudeCapabilitiesOf } from "../../../runtime/container/llm/capabilities";
import { priceOf } from "../../../runtime/container/llm/prices";

describe("what a model accepts", () => {
  const noThinking = { thinking: { type: "disabled" } };
  it.each<[string, object]>([
    ["kimi-k2.6", { tokenLimit: "max_completion_tokens", extra: noThinking, jsonMode: true, usageOnRequest: true }],
    [
      "moonshotai/Kimi-K2.5",
      { tokenLimit: "max_completion_tokens", extra: noThinking, jsonMode: true, usageOnRequest: true },
    ],
    [
      "kimi-k3",
      { tokenLimit: "max_completion_tokens", extra: { reasoning_effort: "low" }, jsonMode: true, usageOnRequest: true },
    ],
    ["kimi-k2.7", { tokenLimit: "max_completion_tokens", jsonMode: true, usageOnRequest: true }],
    ["gpt-5-mini", { tokenLimit: "max_completion_tokens", jsonMode: true, usageOnRequest: true }],
    ["gpt-4o", { tokenLimit: "max_tokens", temperature: 0.6, jsonMode: true, usageOnRequest: true }],
    ["@cf/meta/llama-4-scout", { tokenLimit: "max_tokens", temperature: 0.6, jsonMode: false, usageOnRequest: true }],
    ["mistral-small-latest", { tokenLimit: "max_tokens", temperature: 0.6, jsonMode: true, usageOnRequest: false }],
    ["llama3.3", { tokenLimit: "max_tokens", temperature: 0.6, jsonMode: true, usageOnRequest: true }],
  ])("%s", (model, capabilities) => {
    expect(capabilitiesOf(model)).toEqual(capabilities);
  });
});

describe("what a Claude model accepts", () => {
  it.each<[string, object]>([
    ["claude-haiku-5-5", { thinking: { type: "disabled" } }],
    ["claude-sonnet-5-5", { output_config: { effort: "low" } }],
    ["claude-haiku-4-5", {}],
  ])("%s", (model, capabilities) => {
    expect(claudeCapabilitiesOf(model)).toEqual(capabilities);
  });
});

describe("what a generation costs", () => {
  it("is its tokens at the model's list price, in and out", () => {
    expect(priceOf("kimi-k2.6", { prompt: 1_000_000, completion: 500_000 })).toBeCloseTo(0.95 + 2, 10);
    expect(priceOf("moonshotai/kimi-k2.6", { prompt: 1_000_000, completion: 0 })).toBeCloseTo(0.95, 10);
  });
  it("is unknown for a model without a price, which is not free", () => {
    expect(priceOf("llama3.3", { prompt: 1, completion: 1 })).toBeNull();
  });
});
