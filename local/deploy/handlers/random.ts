import { randomBytes, randomInt } from "node:crypto";
import type { Handler } from "./handler";
import { typedHandler } from "./typed";

const LOWER = "abcdefghijklmnopqrstuvwxyz";
const UPPER = LOWER.toUpperCase();
const DIGITS = "0123456789";
const SPECIAL = "!@#$%&*()-_=+[]{}<>:?"; // the provider's own default

interface PasswordInputs {
  length: number;
  lower?: boolean;
  upper?: boolean;
  /** `number` is the older name. */
  numeric?: boolean;
  number?: boolean;
  special?: boolean;
  minLower?: number;
  minUpper?: number;
  minNumeric?: number;
  minSpecial?: number;
  overrideSpecial?: string;
}

function pick(characters: string): string {
  return characters[randomInt(characters.length)]!;
}

/** A password of the wanted length with at least as many characters of each class as are asked for. */
export function password(inputs: PasswordInputs): string {
  const classes = [
    { on: inputs.lower ?? true, least: inputs.minLower ?? 0, characters: LOWER },
    { on: inputs.upper ?? true, least: inputs.minUpper ?? 0, characters: UPPER },
    { on: inputs.numeric ?? inputs.number ?? true, least: inputs.minNumeric ?? 0, characters: DIGITS },
    { on: inputs.special ?? true, least: inputs.minSpecial ?? 0, characters: inputs.overrideSpecial || SPECIAL },
  ];
  const all = classes.map(({ on, characters }) => (on ? characters : "")).join("");
  const needed = classes.flatMap(({ least, characters }) => Array.from({ length: least }, () => pick(characters)));
  if (all === "")
    throw new Error("a password needs at least one class of characters: lower, upper, numeric or special");
  if (needed.length > inputs.length) {
    throw new Error(`length is ${inputs.length}, and the minimums ask for ${needed.length}; raise length to that`);
  }
  const letters = [...needed, ...Array.from({ length: inputs.length - needed.length }, () => pick(all))];
  for (let last = letters.length - 1; last > 0; last--) {
    const other = randomInt(last + 1); // Fisher-Yates, so that the needed ones do not stand in front
    [letters[last], letters[other]] = [letters[other]!, letters[last]!];
  }
  return letters.join("");
}

/** random:index/randomPassword:RandomPassword and randomString:RandomString; made once, kept until an input changes. */
export function randomText(secretOutputs: readonly string[], id: (text: string) => string): Handler {
  return typedHandler<PasswordInputs>({
    replaceOn: ["*"],
    secretOutputs,
    async create(inputs) {
      const result = password(inputs);
      const defaults = { lower: true, upper: true, numeric: true, number: true, special: true };
      return { id: id(result), outputs: { keepers: null, overrideSpecial: null, ...defaults, ...inputs, result } };
    },
    async delete() {},
  });
}

/** random:index/randomBytes:RandomBytes */
export function randomByteString(): Handler {
  return typedHandler<{ length: number }>({
    replaceOn: ["*"],
    secretOutputs: ["base64", "hex"],
    async create(inputs) {
      const bytes = randomBytes(inputs.length);
      const outputs = { keepers: null, ...inputs, base64: bytes.toString("base64"), hex: bytes.toString("hex") };
      return { id: "none", outputs };
    },
    async delete() {},
  });
}

/** random:index/randomId:RandomId */
export function randomId(): Handler {
  return typedHandler<{ byteLength: number; prefix?: string }>({
    replaceOn: ["*"],
    async create(inputs) {
      const bytes = randomBytes(inputs.byteLength);
      const prefix = inputs.prefix ?? "";
      const b64Url = bytes.toString("base64url");
      const outputs = {
        keepers: null,
        prefix: null,
        ...inputs,
        b64Std: prefix + bytes.toString("base64"),
        b64Url: prefix + b64Url,
        dec: prefix + BigInt(`0x${bytes.toString("hex")}`).toString(),
        hex: prefix + bytes.toString("hex"),
      };
      return { id: b64Url, outputs };
    },
    async delete() {},
  });
}
