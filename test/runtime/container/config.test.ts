import { ConfigError, readConfig } from "../../../runtime/container/config";

const kimi = { kind: "kimi", model: "kimi-k2.6" };
const claude = { kind: "claude", model: "claude-haiku-5-5" };

describe("the generator's configuration", () => {
  it("has a default for everything", () => {
    expect(readConfig({})).toEqual({
      port: 8080,
      host: "0.0.0.0",
      logLevel: "info",
      buildId: "dev",
      providers: [],
      providersWithoutKey: [],
    });
  });

  it("takes an empty variable for an absent one", () => {
    const env = { PORT: "", HOST: "", BUILD_ID: "", LLM_PROVIDERS: "", KIMI_API_KEY: "" };
    expect(readConfig(env)).toEqual(readConfig({}));
  });

  it("gives each provider the key of its kind, in the order given, and sets those without one apart", () => {
    const openai = { kind: "openai", model: "local", baseUrl: "http://127.0.0.1:1/v1" };
    const config = readConfig({
      LLM_PROVIDERS: JSON.stringify([claude, kimi, openai]),
      CLAUDE_API_KEY: "c",
      LLM_API_KEY: " l\n",
    });
    expect(config.providers).toEqual([
      { provider: claude, apiKey: "c" },
      { provider: openai, apiKey: "l" },
    ]);
    expect(config.providersWithoutKey).toEqual([kimi]);
  });

  it.each<[string, Record<string, string>, RegExp]>([
    ["a port that is a word", { PORT: "http" }, /PORT: /],
    ["a port out of range", { PORT: "65536" }, /PORT: /],
    ["providers that are no JSON", { LLM_PROVIDERS: "kimi" }, /LLM_PROVIDERS: has to be a JSON array/],
    ["providers that are no array", { LLM_PROVIDERS: "{}" }, /LLM_PROVIDERS: /],
    ["an unknown kind", { LLM_PROVIDERS: '[{"kind":"gemini","model":"x"}]' }, /LLM_PROVIDERS\.0\.kind: /],
    [
      "a misspelt key",
      { LLM_PROVIDERS: '[{"kind":"kimi","model":"x","url":"https://a.example"}]' },
      /Unrecognized key: "url"/,
    ],
    [
      "an address of another scheme",
      { LLM_PROVIDERS: '[{"kind":"kimi","model":"x","baseUrl":"file:///etc"}]' },
      /baseUrl: /,
    ],
    ["a build id with a space", { BUILD_ID: "a b" }, /BUILD_ID: has to be/],
  ])("refuses %s in one line", (_name, env, message) => {
    const read = (): unknown => readConfig(env);
    expect(read).toThrow(ConfigError);
    expect(read).toThrow(message);
    expect(read).toThrow(/^[^\n]+$/);
  });

  it("names every fault at once and repeats no secret", () => {
    const read = (): unknown => readConfig({ PORT: "x", LLM_PROVIDERS: "sk-secret", KIMI_API_KEY: "sk-secret" });
    expect(read).toThrow(/PORT: .*; LLM_PROVIDERS: /);
    expect(read).not.toThrow(/sk-secret/);
  });
});
