import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { secretsOf } from "../../../../runtime/worker/hmac";
import { fromBase64, fromHex, isSigned } from "../../../../runtime/worker/webhooks/signature";

const SECRET = "hush-hush-hush-hush";
const bytesOf = (text: string | Buffer): ArrayBuffer => new Uint8Array(Buffer.from(text as string)).buffer;

/** Each made by `openssl dgst -sha256 -hmac {secret} -binary | base64`. */
const VECTORS: readonly [what: string, body: string | Buffer, secret: string, mac: string][] = [
  ["JSON", '{"id":632910392,"title":"Tea"}', SECRET, "WbtzCQpoI8Xb7Tr2IRUYdvQj/1Skzkyac67w28zaKm0="],
  [
    "another secret",
    '{"id":632910392,"title":"Tea"}',
    "the-next-secret-of-all",
    "K6oE6UsxwRdgkatFJMTNXonHp2G1W21usyaszphcIbA=",
  ],
  ["no body at all", "", SECRET, "5udf3xxufBI5PchOUlOhJByIn0aSJ+a+jbluFj5bOEQ="],
  [
    "letters beyond ASCII",
    '{"title":"Thé à la menthe – 5 €","emoji":"🍵"}',
    SECRET,
    "ej5AFtyXC/+lEctlYnvxI04F38YEcCnjeRByotuKEPQ=",
  ],
  ["bytes that are no text", Buffer.from([0xff, 0xfe, 0, 1]), SECRET, "1Tw/x69jsZFMitsUbgQH3qOvbeRn65+TduiaXnIFb/w="],
];

describe("a signature that openssl made", () => {
  it.each(VECTORS)("is right over %s", async (_, body, secret, mac) => {
    expect(await isSigned([secret], bytesOf(body), fromBase64(mac))).toBe(true);
    expect(await isSigned(["some other secret", secret], bytesOf(body), fromBase64(mac))).toBe(true);
  });

  it.each(VECTORS)("is wrong over %s with anything changed", async (_, body, secret, mac) => {
    const more = Buffer.concat([Buffer.from(body as string), Buffer.from(" ")]);
    expect(await isSigned([secret], bytesOf(more), fromBase64(mac))).toBe(false);
    expect(await isSigned([`${secret} `], bytesOf(body), fromBase64(mac))).toBe(false);
    expect(await isSigned([], bytesOf(body), fromBase64(mac))).toBe(false);
  });

  it("is right in hex as well, with and without its prefix", async () => {
    const hex = "905276c60fd5990577716b56b6b0a912c63a24ba69571ce590bd2b661ae062f4";
    const body = bytesOf('{"id":632910392,"title":"Tea"}');
    for (const text of [hex, `sha256=${hex}`, hex.toUpperCase()]) {
      expect(await isSigned(["webhook-key-of-the-tests"], body, fromHex(text))).toBe(true);
    }
    expect(await isSigned(["webhook-key-of-the-tests"], body, fromHex(`sha256=${hex.replace("9", "8")}`))).toBe(false);
  });

  it("is right when it was made just now, of a large body and a secret longer than a block", async () => {
    try {
      execFileSync("openssl", ["version"]);
    } catch {
      console.warn("no openssl on the PATH: its fresh signature is not tried");
      return;
    }
    const body = randomBytes(3_000_000);
    for (const secret of [randomBytes(20).toString("hex"), randomBytes(60).toString("hex")]) {
      const mac = execFileSync("openssl", ["dgst", "-sha256", "-hmac", secret, "-binary"], { input: body });
      expect(await isSigned([secret], bytesOf(body), fromBase64(mac.toString("base64")))).toBe(true);
      expect(await isSigned([secret], bytesOf(body), fromHex(mac.toString("hex")))).toBe(true);
    }
  });
});

test.each([
  undefined,
  "",
  "abc",
  "WbtzCQpoI8Xb7Tr2IRUYdvQj/1Skzkyac67w28zaKm0",
  "WbtzCQpoI8Xb7Tr2IRUYdvQj_1Skzkyac67w28zaKm0=",
  "é".repeat(44),
])("%j is no signature, and no error", async (text) => {
  expect(fromBase64(text)).toBeUndefined();
  expect(fromHex(text)).toBeUndefined();
  expect(await isSigned([SECRET], bytesOf(""), undefined)).toBe(false);
});

test.each([
  [undefined, []],
  ["", []],
  [" , ,", []],
  ["one", ["one"]],
  ["one,two", ["one", "two"]],
  [" one , two ,", ["one", "two"]],
])("the setting %j holds the secrets %j", (setting, secrets) => {
  expect(secretsOf(setting)).toEqual(secrets);
});
