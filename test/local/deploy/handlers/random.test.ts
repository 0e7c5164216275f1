import { password, randomByteString } from "../../../../local/deploy/handlers/random";

const count = (text: string, pattern: RegExp): number => text.match(pattern)?.length ?? 0;

describe("a random password", () => {
  it("has the length and only the classes of characters that are wanted", () => {
    const plain = password({ length: 48, special: false });
    expect(plain).toMatch(/^[A-Za-z0-9]{48}$/);
    expect(password({ length: 20, upper: false, numeric: false, special: false })).toMatch(/^[a-z]{20}$/);
    expect(password({ length: 30, lower: false, upper: false, numeric: false, overrideSpecial: "_-" })).toMatch(
      /^[_-]{30}$/,
    );
  });

  it("has as many of each class as are asked for, at any place", () => {
    const text = password({ length: 12, minLower: 3, minUpper: 3, minNumeric: 3, minSpecial: 3 });
    expect([count(text, /[a-z]/g), count(text, /[A-Z]/g), count(text, /\d/g), text.length]).toEqual([3, 3, 3, 12]);
  });

  it("is never the same twice", () => {
    expect(new Set(Array.from({ length: 50 }, () => password({ length: 16 }))).size).toBe(50);
  });

  it("is refused where it cannot be", () => {
    expect(() => password({ length: 2, minLower: 3 })).toThrow("the minimums ask for 3");
    const none = { length: 8, lower: false, upper: false, numeric: false, special: false };
    expect(() => password(none)).toThrow("at least one class");
  });
});

describe("random bytes", () => {
  it("are given in hex and base64, the same bytes", async () => {
    const { outputs } = await randomByteString().create("urn", { length: 32 });
    expect(outputs.hex).toMatch(/^[0-9a-f]{64}$/);
    expect(Buffer.from(String(outputs.base64), "base64").toString("hex")).toBe(outputs.hex);
  });
});
