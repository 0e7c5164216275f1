import { plainTextsOf } from "../plainTexts";
import { resourceRule } from "../rule";

/** Words that name a secret when one of them is a whole part of a variable's name: API_KEY, but not KEYBOARD or TOKENS. */
const SECRET_WORDS: ReadonlySet<string> = new Set([
  "APIKEY",
  "CREDENTIAL",
  "CREDENTIALS",
  "KEY",
  "PASSPHRASE",
  "PASSWORD",
  "SECRET",
  "SECRETS",
  "TOKEN",
  "WEBHOOK", // whoever knows the address can post there
]);
/** Values that are a secret by their looks, whatever they are called. */
const SECRET_VALUES: readonly RegExp[] = [
  /\b(?:sk|pk|rk|shpat|shpss|ghp|xoxb)[-_][A-Za-z0-9_-]{16,}/, // keys of models, shops and others, by their prefix
  /-----BEGIN [A-Z ]*PRIVATE KEY-----/,
  /\beyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}\./, // a JSON Web Token
  /:\/\/[^/\s:@"]+:[^/\s@"]+@/, // a password in an address
  /^(?=.*[A-Za-z])(?=.*\d)[A-Za-z0-9_+/=-]{32,}$/, // nothing but a long random word
];

export const noPlainSecrets = resourceRule({
  name: "no-plain-secrets",
  level: "mandatory",
  what: "No secret is in a plain-text binding of a Worker, a plain variable of a Pages project or a KV value.",
  why: "Anyone who can read the Worker's settings, the preview or the state would see it.",
  fix: "Set it with `pulumi config set --secret` and pass it in `secrets` (or as a binding of the type secret_text).",
  thresholds: {},
  judge(resource, say) {
    for (const { what, name, text } of plainTextsOf(resource)) {
      const named = name.split("_").some((word) => SECRET_WORDS.has(word.toUpperCase()));
      if (!named && !SECRET_VALUES.some((pattern) => pattern.test(text))) continue;
      // The value is not repeated: it would be in this log too.
      say(`The ${what} ${name} ${named ? "is named like" : "looks like"} a secret.`);
    }
  },
});
