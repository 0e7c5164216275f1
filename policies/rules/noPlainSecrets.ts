import { plainTextsOf } from "../plainTexts";
import { resourceRule } from "../rule";

/** Words that name a secret when one of them is a whole part of a variable's name: API_KEY or kimiApiKey, but not KEYBOARD or TOKENS. */
const SECRET_WORDS: ReadonlySet<string> = new Set([
  "APIKEY",
  "APITOKEN",
  "CREDENTIAL",
  "CREDENTIALS",
  "KEY",
  "PASSPHRASE",
  "PASSWD",
  "PASSWORD",
  "PWD",
  "SECRET",
  "SECRETS",
  "TOKEN",
  "WEBHOOK", // whoever knows the address can post there
]);
/** Values that are a secret by their looks, whatever they are called and wherever they are. */
const SECRET_LOOKS: readonly RegExp[] = [
  // Keys of models, shops and others: a prefix, and a long random part. A product may be called sk-ii-essence-230-ml-for-two.
  /\b(?:sk|pk|rk|shpat|shpss|gh[oprsu]|github_pat|xox[abprs])[-_](?:[A-Za-z0-9]+[-_])*(?=[A-Za-z]*\d)[A-Za-z0-9]{16,}/,
  /\bsk-(?:ant|proj|svcacct|or)-[A-Za-z0-9_-]{16,}/,
  /\bAKIA[A-Z0-9]{16}\b/,
  /-----BEGIN [A-Z ]*PRIVATE KEY-----/,
  /\beyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}\./, // a JSON Web Token
  /:\/\/[^/\s:@"]+:[^/\s@"]+@/, // a password in an address
  /\bBearer\s+[A-Za-z0-9+/=_.-]{16,}/,
];
/** Nothing but a long random word: a secret where a person gave it a name, elsewhere an id or a digest. */
const RANDOM_WORD = /^(?=.*[A-Za-z])(?=.*\d)[A-Za-z0-9_+/=-]{32,}$/;

export const noPlainSecrets = resourceRule({
  name: "no-plain-secrets",
  level: "mandatory",
  what:
    "No secret is in a plain-text binding of a Worker, a plain variable of a Pages project, a KV value, or any other property " +
    "that is no secret.",
  why: "Anyone who can read the Worker's settings, the preview or the state would see it.",
  fix: "Set it with `pulumi config set --secret` and pass it in `secrets` (or as a binding of the type secret_text).",
  thresholds: {},
  judge(resource, say) {
    for (const { what, names, text } of plainTextsOf(resource)) {
      const named = names.find(isSecretName);
      const [own] = names;
      // The value is not repeated: it would be in this log too.
      if (named !== undefined)
        say(`The ${what}${named === own ? "" : ` has ${named} in it, which`} is named like a secret.`);
      else if (looksSecret(text, own !== undefined)) say(`The ${what} looks like a secret.`);
    }
  },
});

const isSecretName = (name: string): boolean =>
  name
    .replace(/([a-z0-9])([A-Z])/g, "$1_$2")
    .split(/[^A-Za-z0-9]+/)
    .some((word) => SECRET_WORDS.has(word.toUpperCase()));

const looksSecret = (text: string, isNamed: boolean): boolean =>
  SECRET_LOOKS.some((pattern) => pattern.test(text)) || (isNamed && RANDOM_WORD.test(text));
