import type { ResourceValidationPolicy } from "@pulumi/policy";
import { TYPES } from "./types";
import { plainTextVariables } from "./values";

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

export const noPlainSecrets: ResourceValidationPolicy = {
  name: "no-plain-secrets",
  description: "No secret is in a plain-text binding of a Worker.",
  enforcementLevel: "mandatory",
  validateResource: ({ type, props }, reportViolation) => {
    if (type !== TYPES.workerVersion) return;
    for (const [name, value] of plainTextVariables(props)) {
      const named = name.split("_").some((word) => SECRET_WORDS.has(word.toUpperCase()));
      if (!named && !SECRET_VALUES.some((pattern) => pattern.test(value))) continue;
      // The value is not repeated: it would be in this log too.
      reportViolation(
        `The plain-text binding ${name} ${named ? "is named like" : "looks like"} a secret. Anyone who can read the Worker's ` +
          "settings, the preview or the state would see it. Set it with `pulumi config set --secret` and pass it in `secrets`.",
      );
    }
  },
};
